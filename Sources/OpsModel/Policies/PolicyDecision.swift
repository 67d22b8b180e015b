/// How a proposal was decided, and by which policies in which versions.
public struct PolicyDecision: Codable, Hashable, Sendable {
    /// What became of it.
    public var decision: PolicyAction
    /// One sentence for a person.
    public var reason: String
    /// The autonomy level first, then every rule that applied to any step.
    public var policies: [AppliedPolicy]

    /// Puts the parts together as given.
    public init(decision: PolicyAction, reason: String, policies: [AppliedPolicy]) {
        self.decision = decision
        self.reason = reason
        self.policies = policies
    }
}
