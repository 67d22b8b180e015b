internal import OpsModel
internal import OpsSpec

/// What the evidence says to one condition.
struct Finding: Sendable {
    /// The condition with short names written out.
    var condition: Condition
    var truth: Truth
    var value: ConditionValue
    var evidence: [String]

    /// `pg.blockers >= 1 (is 3)`, with `not` in front when it does not hold.
    var text: String { "\(truth == .no ? "not " : "")\(condition) (\(valueText))" }

    private var valueText: String {
        switch value {
        case .unknown(let reason): "unknown: \(reason)"
        case .number(let number, let unit): "is \(Self.format(number))\(Self.suffix(unit))"
        case .word(let word): "is \(word)"
        case .flag(let flag): "is \(flag ? "true" : "false")"
        case .list(let words): words.isEmpty ? "is empty" : "is \(words.prefix(4).joined(separator: ", "))"
        }
    }

    private static func format(_ number: Double) -> String {
        guard abs(number) < 1e15 else { return "\(number)" }
        if number == number.rounded() { return "\(Int(number))" }
        return "\((number * 100).rounded() / 100)"
    }

    private static func suffix(_ unit: Quantity.Unit) -> String {
        switch unit {
        case .seconds: " s"
        case .perSecond: " a second"
        case .bytes: " bytes"
        case .ratio, .none: ""
        }
    }
}

/// One hypothesis of a runbook, applied to one component and weighed.
struct AssessedHypothesis: Sendable {
    /// Whether the evidence bears it.
    enum Standing: Int, Sendable {
        case refuted
        case open
        case supported
    }

    var binding: Binding
    var hypothesis: Runbook.Hypothesis
    /// Where the cause lies: the component that the repair touches, which may be a caller of the bound one.
    var component: String
    /// The instances whose own numbers bear it; empty when it is not about instances.
    var instances: [String]
    var supporting: [Finding]
    var opposing: [Finding]

    var mechanism: Mechanism { hypothesis.mechanism }

    var standing: Standing {
        if supporting.contains(where: { $0.truth == .no }) || opposing.contains(where: { $0.truth == .yes }) {
            return .refuted
        }
        return supporting.allSatisfy { $0.truth == .yes } ? .supported : .open
    }

    /// How many conditions hold that speak for it.
    var weight: Int { supporting.count { $0.truth == .yes } }

    var evidence: [String] { unique(supporting.flatMap(\.evidence) + opposing.flatMap(\.evidence)) }

    /// What speaks against it, first what contradicts it outright.
    var refutations: [Finding] {
        opposing.filter { $0.truth == .yes } + supporting.filter { $0.truth == .no }
    }

    /// Names the explanation, so that a second try does not repeat the first.
    var key: HypothesisKey { HypothesisKey(component: component, mechanism: mechanism) }
}

/// An explanation: where and how.
struct HypothesisKey: Hashable, Sendable {
    var component: String
    var mechanism: Mechanism
}

/// The items in order, each once.
func unique(_ items: [String]) -> [String] {
    var seen: Set<String> = []
    return items.filter { seen.insert($0).inserted }
}
