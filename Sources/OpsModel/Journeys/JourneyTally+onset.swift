extension JourneyTally {
    /// The first bad half second behind `start` with which an objective is broken over the next two seconds.
    public static func onset(
        _ buckets: [ObservedJourneyBucket],
        objectives: [String: Double],
        after start: Timestamp
    ) -> Timestamp? {
        let bad = buckets.map(\.bucket).filter { $0.from >= start + -0.5 && $0.bad > 0 }.sorted { $0.from < $1.from }
        return bad.first { breaks($0, buckets, objectives) }?.from
    }

    private static func breaks(
        _ bucket: JourneyBucket,
        _ buckets: [ObservedJourneyBucket],
        _ objectives: [String: Double]
    ) -> Bool {
        guard let objective = objectives[bucket.journey] else { return false }
        let next = buckets.filter { $0.bucket.from >= bucket.from && $0.bucket.from < bucket.from + 2 }
        let own = statuses(next, objectives: [bucket.journey: objective], now: bucket.from + 2)
        return own.contains { !Objective.isHeld(good: $0.good, bad: $0.bad, objective: $0.objective) }
    }
}
