internal import OpsModel

/// Cumulative counters of one statement.
struct StatementCounters: Hashable, Sendable {
    var id: String
    var text: String
    var calls: Double
    var totalMs: Double
}

/// How long statements take now, against how long they take when all is well.
struct StatementBook: Sendable {
    /// One statement over the last look back.
    struct Comparison: Hashable, Sendable {
        var id: String
        var text: String
        var meanMs: Double
        var baselineMs: Double
        var calls: Int
        /// A mean below a millisecond counts as one: the fastest statements take twice as long for no reason.
        var ratio: Double { meanMs / max(baselineMs, 1) }
    }

    private var looks = TimedRing<[String: StatementCounters]>(span: 60)
    private var normal: [String: (calls: Double, totalMs: Double)] = [:]
    private(set) var sampledAt: Timestamp?
    /// Why there is nothing to compare, if so.
    var failure: String?

    mutating func observe(_ counters: [StatementCounters], at now: Timestamp, isCalm: Bool) {
        if isCalm, let before = looks.newest { learn(from: before.value, to: counters) }
        looks.append(Dictionary(counters.map { ($0.id, $0) }) { first, _ in first }, at: now)
        sampledAt = now
        failure = nil
    }

    /// Statements with a baseline, the slowest against it first.
    func comparisons(seconds: Double) -> [Comparison] {
        guard let newest = looks.newest, let oldest = looks.since(newest.at + -seconds).first else { return [] }
        return newest.value.values.compactMap { comparison(of: $0, before: oldest.value[$0.id]) }
            .sorted { $0.ratio > $1.ratio }
    }

    private func comparison(of now: StatementCounters, before: StatementCounters?) -> Comparison? {
        guard let before, let usual = normal[now.id], usual.calls >= 20, now.calls - before.calls >= 3 else {
            return nil
        }
        return Comparison(
            id: now.id,
            text: now.text,
            meanMs: (now.totalMs - before.totalMs) / (now.calls - before.calls),
            baselineMs: usual.totalMs / usual.calls,
            calls: Int(now.calls - before.calls)
        )
    }

    /// The past fades, so that a baseline follows the slow growth of a shop.
    private mutating func learn(from before: [String: StatementCounters], to counters: [StatementCounters]) {
        for now in counters {
            guard let past = before[now.id], now.calls > past.calls else { continue }
            var usual = normal[now.id] ?? (0, 0)
            if usual.calls > 50_000 { usual = (usual.calls / 2, usual.totalMs / 2) }
            normal[now.id] = (usual.calls + now.calls - past.calls, usual.totalMs + now.totalMs - past.totalMs)
        }
    }
}
