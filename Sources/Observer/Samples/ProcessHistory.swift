internal import OpsModel

/// What `/proc` says about one process of the target.
struct ProcessFact: Hashable, Sendable {
    /// One of `running`, `stopped`, `zombie`, `absent`.
    var state: String
    var pid: Int32?
    var startedAt: Timestamp?
    var cpuSeconds: Double = 0
    var runQueueWaitSeconds: Double = 0
    var rssBytes: UInt64 = 0
    var threads = 0
    var fds: Int?
}

/// The last minute of one process, and every start that was seen.
struct ProcessHistory: Sendable {
    private(set) var ring = TimedRing<Sampled<ProcessFact>>(span: 60)
    /// Starts after the first one, newest last.
    private(set) var restarts: [Timestamp] = []

    var newest: Sampled<ProcessFact>? { ring.newest?.value }

    mutating func append(_ fact: Sampled<ProcessFact>) {
        if let started = fact.value.startedAt, let before = lastStart, before != started { restarts.append(started) }
        ring.append(fact, at: fact.at)
    }

    /// Starts seen in the last so many seconds.
    func restarts(since moment: Timestamp) -> Int { restarts.filter { $0 >= moment }.count }

    /// Processor seconds per second over the last so many seconds, of the same process only.
    func rate(_ value: KeyPath<ProcessFact, Double>, seconds: Double) -> Double? {
        guard let newest, let started = newest.value.startedAt else { return nil }
        let same = ring.since(newest.at + -seconds).filter { $0.value.value.startedAt == started }
        guard let oldest = same.first, newest.at - oldest.at > 0.2 else { return nil }
        return max(0, newest.value[keyPath: value] - oldest.value.value[keyPath: value]) / (newest.at - oldest.at)
    }

    /// Bytes per second by which the same process grew over the last half minute; nil before ten seconds of it.
    var memorySlope: Double? {
        guard let newest, let started = newest.value.startedAt else { return nil }
        let same = ring.since(newest.at + -30).filter { $0.value.value.startedAt == started }
        guard let oldest = same.first, newest.at - oldest.at >= 10 else { return nil }
        return (Double(newest.value.rssBytes) - Double(oldest.value.value.rssBytes)) / (newest.at - oldest.at)
    }

    private var lastStart: Timestamp? { ring.live.reversed().lazy.compactMap(\.value.value.startedAt).first }
}
