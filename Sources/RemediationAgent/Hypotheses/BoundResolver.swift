internal import OpsModel
internal import OpsSpec

/// Answers a runbook's references from the evidence, for one component.
struct BoundResolver: ConditionResolver {
    let binding: Binding
    let board: EvidenceBoard

    func value(of reference: Reference) -> ConditionValue {
        guard let bound = binding.bind(reference) else { return .unknown("does not apply here") }
        let values = bound.queries.map { query in
            guard let answer = board[query] else { return ConditionValue.unknown("not asked") }
            return isAboutOthers(answer)
                ? .unknown("another component's instances") : Self.value(answer, field: bound.field)
        }
        return Self.combine(values, sums: bound.read.unit == "count" && bound.field == nil)
    }

    /// Failures counted by instance say something about a component only if the worst instance is one of several of its own.
    private func isAboutOthers(_ answer: ReadAnswer) -> Bool {
        guard answer.read == "journey.failures_by", answer.selector.last == "instance",
            let top = answer.fields["top"]?.stringValue
        else { return false }
        return binding.component.instances.count < 2 || !binding.component.instances.contains(top)
    }

    /// The names of the answers behind a reference.
    func evidence(for reference: Reference) -> [String] {
        (binding.bind(reference)?.queries ?? []).compactMap { board[$0]?.evidence }
    }

    /// The answers behind a reference with the component that each is about.
    func answers(for reference: Reference) -> [(ReadQuery, ReadAnswer)] {
        (binding.bind(reference)?.queries ?? []).compactMap { query in board[query].map { (query, $0) } }
    }

    /// One answer, or one field of it, in base units.
    static func value(_ answer: ReadAnswer, field: String?) -> ConditionValue {
        guard answer.status == .ok else { return .unknown(answer.reason ?? answer.status.rawValue) }
        guard !answer.isStarved else { return .unknown("the sample came late") }
        if let field { return answer.fields[field].map { value($0, unit: nil) } ?? .unknown("no \(field)") }
        let member = answer.read.split(separator: ".").last.map(String.init) ?? ""
        let words = answer.rows.compactMap { $0[member].map(text) }
        if answer.selector.isEmpty, !words.isEmpty { return .list(words) }
        return value(answer.value, unit: answer.unit)
    }

    static func value(_ json: JSONValue, unit: String?) -> ConditionValue {
        switch json {
        case .null: .unknown("no value")
        case .bool(let flag): .flag(flag)
        case .string(let word): .word(word)
        case .array(let items): .list(items.map(text))
        case .object: .unknown("not a single value")
        case .int, .double: number(json.doubleValue ?? 0, unit)
        }
    }

    private static func number(_ value: Double, _ unit: String?) -> ConditionValue {
        switch unit {
        case "ms": .number(value / 1_000, .seconds)
        case "s": .number(value, .seconds)
        case "ratio": .number(value, .ratio)
        case "bytes": .number(value, .bytes)
        case "1/s": .number(value, .perSecond)
        default: .number(value, .none)
        }
    }

    private static func text(_ json: JSONValue) -> String {
        json.stringValue ?? json.intValue.map { "\($0)" } ?? json.doubleValue.map { "\($0)" } ?? ""
    }

    /// Several answers as one: counts add up, other numbers give the largest, words become a list.
    private static func combine(_ values: [ConditionValue], sums: Bool) -> ConditionValue {
        let known = values.filter { if case .unknown = $0 { false } else { true } }
        guard let first = known.first else { return values.first ?? .unknown("not asked") }
        guard known.count > 1 else { return first }
        let numbers = known.compactMap { value -> Double? in
            if case .number(let number, _) = value { number } else { nil }
        }
        if numbers.count == known.count, case .number(_, let unit) = first {
            return .number(sums ? numbers.reduce(0, +) : numbers.max() ?? 0, unit)
        }
        return .list(unique(known.flatMap(words)))
    }

    private static func words(_ value: ConditionValue) -> [String] {
        switch value {
        case .word(let word): [word]
        case .list(let words): words
        case .flag(let flag): [flag ? "true" : "false"]
        case .number(let number, _): number == 0 ? [] : ["\(number)"]  // an empty list is answered as no rows
        case .unknown: []
        }
    }
}
