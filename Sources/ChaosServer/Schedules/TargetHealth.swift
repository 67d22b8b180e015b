import OpsModel

/// What the customers' last seconds say of the system under test.
enum TargetHealth: Hashable, Sendable {
    /// Every journey had customers and kept its objective.
    case good
    /// These journeys broke theirs.
    case broken([String])
    /// It cannot be told, and why.
    case unknown(String)

    /// What a look at the customers is worth for so long.
    static let freshS = 3.0

    /// Reads half seconds of any age; those of the last `windowS` seconds count.
    ///
    /// A journey without a customer in that time proves nothing, so that it is not known to be well. One that broke its objective is
    /// broken whatever is known of the others.
    static func read(
        _ buckets: [JourneyBucket],
        objectives: [String: Double],
        windowS: Double,
        now: Timestamp
    ) -> TargetHealth {
        guard !objectives.isEmpty else { return .unknown("the topology has no journeys") }
        guard let newest = buckets.map(\.from).max(), now - newest <= self.freshS else {
            return .unknown("the customers told nothing for \(Int(self.freshS)) s")
        }
        let recent = buckets.filter { now - $0.from <= windowS }.map {
            ObservedJourneyBucket(bucket: $0, isStarved: false)
        }
        let statuses = JourneyTally.statuses(recent, objectives: objectives, now: now)
        let asked = statuses.filter { $0.good + $0.bad > 0 }
        let broken = asked.filter { !Objective.isHeld(good: $0.good, bad: $0.bad, objective: $0.objective) }
        guard broken.isEmpty else { return .broken(broken.map(\.journey)) }
        guard asked.count == statuses.count else {
            let silent = statuses.filter { $0.good + $0.bad == 0 }.map(\.journey)
            return .unknown("nobody went through \(silent.joined(separator: ", ")) within \(Int(windowS)) s")
        }
        return .good
    }
}
