import OpsModel

/// Reads customers' half seconds for judging: when it was back, and whether it held.
struct JourneyWatch: Sendable {
    var objectives: [String: Double]
    var buckets: [ObservedJourneyBucket]

    /// Journeys over the half seconds that began inside the span.
    func statuses(from: Timestamp, to: Timestamp) -> [JourneyStatus] {
        let inside = buckets.filter { $0.bucket.from >= from && $0.bucket.from < to }
        return JourneyTally.statuses(inside, objectives: objectives, now: to)
    }

    /// Whether the samples of every journey cover the span; the newest half seconds are always still on their way.
    func covers(from: Timestamp, to: Timestamp) -> Bool {
        let journeys = statuses(from: from, to: to)
        return journeys.count == objectives.count
            && journeys.allSatisfy { !$0.isStarved && $0.windowS >= to - from - 1.5 }
    }

    /// Whether every journey met its objective in the span, on samples that cover it.
    func holds(from: Timestamp, to: Timestamp) -> Bool {
        covers(from: from, to: to)
            && statuses(from: from, to: to).allSatisfy {
                Objective.isHeld(good: $0.good, bad: $0.bad, objective: $0.objective)
            }
    }

    /// The beginning of the first window behind `start` over which every journey held.
    func held(window: Double, after start: Timestamp, until end: Timestamp) -> Timestamp? {
        var from = start
        while from + window <= end {
            if holds(from: from, to: from + window) { return from }
            from = from + 0.5
        }
        return nil
    }

    /// The names of journeys that broke their objective over a span.
    func brokenJourneys(from: Timestamp, to: Timestamp) -> [String] {
        statuses(from: from, to: to)
            .filter { !Objective.isHeld(good: $0.good, bad: $0.bad, objective: $0.objective) }.map(\.journey)
    }

    /// Seconds in which some journey with enough requests had not one good one.
    func outage(from: Timestamp, to: Timestamp) -> Double {
        let silent = Dictionary(
            grouping: buckets.filter { $0.bucket.from >= from && $0.bucket.from < to },
            by: \.bucket.journey
        )
        .values.map { own in own.filter { $0.bucket.good == 0 && $0.bucket.bad >= 5 }.count }
        return Double(silent.max() ?? 0) * 0.5
    }
}
