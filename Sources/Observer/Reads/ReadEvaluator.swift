internal import OpsModel

/// Answers questions from one copy of the world.
///
/// Pure: the same world, time and question give the same answer.
struct ReadEvaluator: Sendable {
    let map: TargetMap
    let world: World
    let now: Timestamp

    /// Samples older than this say nothing about now.
    static let stale = 5.0
    /// Rows in one answer at most.
    static let rowLimit = 50

    /// Every known read answers; one that cannot says `unsupported` or `unknown`, and why.
    func answer(_ query: ReadQuery) -> ReadAnswer {
        guard let name = ReadName(rawValue: query.read) else {
            return unsupported(query, "there is no such read; GET /reads lists them")
        }
        if let reason = name.unsupportedReason { return unsupported(query, reason) }
        if let unknown = ReadScope(query, map: map).unknown, !isJourney(unknown) {
            return unsupported(query, "the topology has no component \(unknown)")
        }
        return evaluate(name, query)
    }

    private func evaluate(_ name: ReadName, _ query: ReadQuery) -> ReadAnswer {
        switch name.family {
        case "journey": journey(name, query)
        case "probe": probe(name, query)
        case "process": process(name, query)
        case "pool": pool(name, query)
        case "call": call(name, query)
        case "pg": postgres(name, query)
        case "log": log(name, query)
        case "cache": cache(name, query)
        case "queue": queue(name, query)
        case "disk": disk(name, query)
        case "clock": clock(query)
        case "dns": dnsAnswer(query)
        case "ledger": ledger(query)
        default: name == .configDiff ? configDiff(query) : changeRecent(query)
        }
    }
}

// MARK: - Answers

extension ReadEvaluator {
    /// An answer with its value, and the age of the sample that it came from.
    func ok(
        _ query: ReadQuery,
        _ value: JSONValue,
        unit: String? = nil,
        at moment: Timestamp,
        isStarved: Bool = false,
        fields: [String: JSONValue] = [:],
        rows: [JSONValue] = []
    ) -> ReadAnswer {
        ReadAnswer(
            read: query.read,
            component: query.component,
            instance: query.instance,
            selector: query.selector,
            status: .ok,
            value: value,
            unit: unit,
            fields: fields,
            rows: Array(rows.prefix(Self.rowLimit)),
            ageS: rounded(max(0, now - moment)),
            isStarved: isStarved
        )
    }

    /// There is no sample to answer from now.
    func unknown(_ query: ReadQuery, _ reason: String, at moment: Timestamp? = nil) -> ReadAnswer {
        var answer = unsupported(query, reason)
        answer.status = .unknown
        answer.ageS = moment.map { rounded(max(0, now - $0)) }
        return answer
    }

    /// There never will be one here.
    func unsupported(_ query: ReadQuery, _ reason: String) -> ReadAnswer {
        ReadAnswer(
            read: query.read,
            component: query.component,
            instance: query.instance,
            selector: query.selector,
            status: .unsupported,
            reason: reason
        )
    }

    func isFresh(_ moment: Timestamp) -> Bool { now - moment <= Self.stale }

    func isJourney(_ name: String) -> Bool { map.journeys.contains { $0.name == name } }

    /// Three decimals are enough for a person and for a rule.
    func rounded(_ number: Double) -> Double { (number * 1_000).rounded() / 1_000 }

    func json(_ number: Double?) -> JSONValue { number.map { .double(rounded($0)) } ?? .null }

    func json(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }

    /// A count as a whole number where it is one.
    func count(_ number: Double) -> JSONValue { Int(exactly: number).map { .int($0) } ?? .double(rounded(number)) }
}
