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

    /// Within this time after its effect a fault has to be felt.
    static let limitS = 5.0
    /// A half second is told of when it is over, and two seconds of them make an objective break.
    static let patienceS = 7.5

    let appliedAt: Timestamp
    let objectives: [String: Double]

    func decide(_ buckets: [JourneyBucket], now: Timestamp) -> Decision {
        let known = buckets.map { ObservedJourneyBucket(bucket: $0, isStarved: false) }
        let onset = JourneyTally.onset(known, objectives: self.objectives, after: self.appliedAt)
        if let onset, onset - self.appliedAt <= Self.limitS { return .felt(onset) }
        guard now - self.appliedAt >= Self.patienceS else { return .wait }
        return self.hasCustomers(buckets) ? .ineffective : .undecided
    }

    private func hasCustomers(_ buckets: [JourneyBucket]) -> Bool {
        buckets.contains { bucket in
            (0..<Self.limitS).contains(bucket.from - self.appliedAt) && bucket.good + bucket.bad > 0
        }
    }
}
