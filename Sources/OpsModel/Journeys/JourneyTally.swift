/// Adds half seconds up to the status of each journey.
public enum JourneyTally {
    /// The status of every journey over the given half seconds; one without any has no requests and proves nothing.
    ///
    /// The 99th percentile is the worst of the half seconds', an upper bound.
    ///
    /// - Parameters:
    ///   - buckets: Half seconds of any journeys, in any order.
    ///   - objectives: The promised share of good requests by journey.
    ///   - now: The moment that a status without half seconds gets.
    /// - Returns: One status for each journey, in the order of their names.
    public static func statuses(
        _ buckets: [ObservedJourneyBucket],
        objectives: [String: Double],
        now: Timestamp
    ) -> [JourneyStatus] {
        objectives.keys.sorted().map { journey in
            let own = buckets.filter { $0.bucket.journey == journey }
            let good = own.reduce(0) { $0 + $1.bucket.good }
            let bad = own.reduce(0) { $0 + $1.bucket.bad }
            let objective = objectives[journey] ?? 1
            let first = own.map(\.bucket.from).min() ?? now
            let last = (own.map(\.bucket.from).max() ?? first) + 0.5
            let ratio = good + bad > 0 ? Double(good) / Double(good + bad) : nil
            return JourneyStatus(
                journey: journey,
                objective: objective,
                windowS: own.isEmpty ? 0 : last - first,
                good: good,
                bad: bad,
                ratio: ratio,
                burn: ratio.map { objective < 1 ? (1 - $0) / (1 - objective) : 0 },
                p99Ms: own.map(\.bucket.p99Ms).max(),
                isStarved: own.contains(where: \.isStarved),
                at: own.isEmpty ? first : last
            )
        }
    }
}
