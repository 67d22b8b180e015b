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

    /// Whether no window that begins by `last` can hold any more, whatever comes: every one that is not over yet contains what
    /// was seen since then, and that is too much even if all else is good and twice as many requests come as until now.
    func isLost(window: Double, since last: Timestamp, until now: Timestamp) -> Bool {
        guard now > last else { return false }
        return statuses(from: last, to: now).contains { journey in
            let most = Double(journey.good + journey.bad) / max(0.5, now - last) * window * 2
            return !Objective.isHeld(
                good: max(0, Int(most) - journey.bad),
                bad: journey.bad,
                objective: journey.objective
            ) && journey.bad > 0
        }
    }

    /// The names of journeys that broke their objective over a span.
    func brokenJourneys(from: Timestamp, to: Timestamp) -> [String] {
        statuses(from: from, to: to)
            .filter { !Objective.isHeld(good: $0.good, bad: $0.bad, objective: $0.objective) }.map(\.journey)
    }

    /// Seconds in which some journey with enough requests had not one good one, and actions are to blame for it.
    ///
    /// A journey that had no good request in the second before an action was out already: what follows is the fault's doing.
    /// What was under way when the action came gets a moment to end.
    func outage(near actions: [ActionSpan]) -> Double {
        let own = Dictionary(grouping: buckets.map(\.bucket), by: \.journey).values
        return own.map { 0.5 * Double(silent($0, near: actions)) }.max() ?? 0
    }

    private func silent(_ buckets: [JourneyBucket], near actions: [ActionSpan]) -> Int {
        let blamed = actions.filter { action in
            buckets.contains { $0.good > 0 && $0.from > action.from + -1.5 && $0.from < action.from }
        }
        return buckets.count { bucket in
            bucket.good == 0 && bucket.bad >= 5
                && blamed.contains { bucket.from >= $0.from + Self.underWayS && bucket.from < $0.to }
        }
    }

    /// How long requests that were under way before an action may still fail because of the fault.
    private static let underWayS = 1.5
}
