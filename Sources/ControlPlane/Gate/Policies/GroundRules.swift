import OpsModel

/// What holds at the moment of a decision, as it stands in the transaction that stores it: the rules, and who is paused.
struct GroundRules: Hashable, Sendable {
    var policies = PolicySet.empty
    /// The last word about every agent that was ever paused.
    var pauses: [AgentPause] = []

    /// The pause that an agent is under; nil while it may act.
    func pause(of agent: String?) -> AgentPause? { pauses.first { $0.isPaused && $0.principal == agent } }
}
