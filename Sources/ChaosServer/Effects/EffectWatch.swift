import OpsModel

/// Decides from what customers lived whether they felt a fault.
///
/// The only place that decides it: the referee, the command line and the records go by what this said.
struct EffectWatch: Sendable {
    /// What is known at one moment.
    enum Decision: Hashable, Sendable {
        case wait
        case felt(Timestamp)
        case ineffective
        /// There were no customers, or nobody told of them.
        case undecided
    }

    /// Within this time after its effect a fault has to be felt, beyond what customers are ready to wait.
    static let limitS = 5.0
    /// A half second is told of when it is over, and two seconds of them make an objective break.
    static let delayS = 2.5
    /// The longest time to wait that is taken into account: longer ago nobody remembers half seconds.
    private static let longestPromiseS = 12.0

    let appliedAt: Timestamp
    let objectives: [String: Double]
    /// How long customers are ready to wait, in seconds by journey: only then can they feel that nothing came.
    var promises: [String: Double] = [:]

    func decide(_ buckets: [JourneyBucket], now: Timestamp) -> Decision {
        let known = buckets.map { ObservedJourneyBucket(bucket: $0, isStarved: false) }
        let journeys = Set(buckets.map(\.journey))
        let onsets = journeys.compactMap { journey -> Timestamp? in
            guard let objective = self.objectives[journey] else { return nil }
            let onset = JourneyTally.onset(known, objectives: [journey: objective], after: self.appliedAt)
            return onset.flatMap { $0 - self.appliedAt <= self.limitS(of: journey) ? $0 : nil }
        }
        if let onset = onsets.min() { return .felt(onset) }
        let patience = (journeys.map(self.limitS).max() ?? Self.limitS) + Self.delayS
        guard now - self.appliedAt >= patience else { return .wait }
        return self.hasCustomers(buckets) ? .ineffective : .undecided
    }

    private func limitS(of journey: String) -> Double {
        Self.limitS + min(self.promises[journey] ?? 0, Self.longestPromiseS)
    }

    private func hasCustomers(_ buckets: [JourneyBucket]) -> Bool {
        buckets.contains { bucket in
            (0..<Self.limitS).contains(bucket.from - self.appliedAt) && bucket.good + bucket.bad > 0
        }
    }
}
