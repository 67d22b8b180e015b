import OpsModel

/// Why a due fault does not begin.
struct FiringRefusal: Hashable, Sendable {
    var outcome: FiringOutcome
    var reason: String

    /// What is asked of the world before a fault that no person is waiting for: nil when it may begin.
    ///
    /// `own` are the open faults of the same schedule or monkey, of which there may be `atOnce` with the new one; `scored` is an open
    /// fault of a scored run.
    static func check(own: [String], atOnce: Int, scored: String?, health: TargetHealth) -> FiringRefusal? {
        if own.count >= atOnce {
            return Self(outcome: .overlap, reason: "not over yet: \(own.joined(separator: ", "))")
        }
        if let scored { return Self(outcome: .occupied, reason: "fault \(scored) of a scored run is open") }
        switch health {
        case .good: return nil
        case .broken(let journeys):
            return Self(outcome: .unhealthy, reason: "\(journeys.joined(separator: ", ")) broke the objective")
        case .unknown(let why): return Self(outcome: .unchecked, reason: why)
        }
    }

    init(outcome: FiringOutcome, reason: String) {
        self.outcome = outcome
        self.reason = reason
    }

    /// What the injector said.
    init(_ error: ChaosError) { self.init(outcome: .refused, reason: "\(error.code.rawValue): \(error.message)") }
}
