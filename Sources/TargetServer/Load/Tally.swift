import OpsModel

/// Counts visits in half seconds.
///
/// It looks at no clock: it is told when things happened.
///
/// A half second is closed when a later moment is mentioned, and never changes afterwards.
struct Tally: Sendable {
    static let width: Int64 = 500_000
    private var kept: Int { 2_400 * self.journeys.count }

    private struct Cell: Sendable {
        var good = 0
        var bad: [Observation] = []
        var milliseconds: [Double] = []
    }

    private let journeys: [Journey]
    private var slot: Int64?
    private var cells: [Journey: Cell] = [:]
    private var closed: [JourneyBucket] = []

    init(journeys: [Journey] = Journey.shop) { self.journeys = journeys }

    mutating func record(_ observation: Observation, of journey: Journey, at now: Timestamp) {
        advance(to: now)
        cells[journey, default: Cell()].milliseconds.append(observation.milliseconds)
        if observation.isGood {
            cells[journey, default: Cell()].good += 1
        } else {
            cells[journey, default: Cell()].bad.append(observation)
        }
    }

    /// Closed half seconds with a higher number than this, oldest first.
    mutating func after(_ seq: Int, now: Timestamp) -> [JourneyBucket] {
        advance(to: now)
        let start = closed.partitioningIndex { $0.seq > seq }
        return Array(closed[start...])
    }

    private mutating func advance(to now: Timestamp) {
        let current = now.microseconds / Self.width
        guard let slot else {
            self.slot = current
            return
        }
        guard current > slot else { return }
        close(slot)
        // A process that was stopped for long has nothing to say about every half second of it.
        for empty in max(slot + 1, current - 240)..<max(slot + 1, current) { close(empty) }
        self.slot = current
        if closed.count > kept + 300 { closed.removeFirst(closed.count - kept) }
    }

    private mutating func close(_ slot: Int64) {
        for (index, journey) in journeys.enumerated() {
            closed.append(bucket(journey, cells[journey] ?? Cell(), slot, index))
        }
        cells.removeAll(keepingCapacity: true)
    }

    /// Numbers follow from the clock, so that they go on rising when the process starts anew.
    private func bucket(_ journey: Journey, _ cell: Cell, _ slot: Int64, _ index: Int) -> JourneyBucket {
        let sorted = cell.milliseconds.sorted()
        return JourneyBucket(
            seq: Int(slot) * journeys.count + index + 1,
            journey: journey.name,
            from: Timestamp(microseconds: slot * Self.width),
            good: cell.good,
            bad: cell.bad.count,
            byCode: Self.counts(cell.bad.map(\.code)),
            byInstance: Self.counts(cell.bad.map(\.instance).filter { !$0.isEmpty }),
            byRoute: cell.bad.isEmpty ? [:] : [journey.route: cell.bad.count],
            byCustomer: Self.top(Self.counts(cell.bad.map { String($0.customer) }), 5),
            p50Ms: Self.percentile(sorted, 0.5),
            p99Ms: Self.percentile(sorted, 0.99)
        )
    }

    private static func counts(_ words: [String]) -> [String: Int] {
        words.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }

    private static func top(_ counts: [String: Int], _ limit: Int) -> [String: Int] {
        let sorted = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        return Dictionary(uniqueKeysWithValues: sorted.prefix(limit).map { ($0.key, $0.value) })
    }

    static func percentile(_ sorted: [Double], _ share: Double) -> Double {
        guard !sorted.isEmpty else { return 0 }
        return sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
    }
}

extension Array {
    /// The first index whose element satisfies a predicate that holds for all later ones too.
    fileprivate func partitioningIndex(_ isLater: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if isLater(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
