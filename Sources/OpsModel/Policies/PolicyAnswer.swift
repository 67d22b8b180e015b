/// What would become of an action, asked without doing anything.
public struct PolicyAnswer: Codable, Hashable, Sendable {
    /// What would become of it.
    public var decision: PolicyAction
    /// One sentence for a person.
    public var reason: String
    /// The autonomy level first, then every rule that applies.
    public var policies: [AppliedPolicy]
    /// Who would have to approve; one out of each.
    public var approvalRequiredFrom: [ApproverRequirement]
    /// How long that person would have, in minutes; nil is as long as without a rule.
    public var timeoutMinutes: Int?
    /// How many different people would have to approve; nil where nobody is asked.
    public var quorum: Int?
    /// Whether whoever started the lab could not be one of them; nil where nobody is asked.
    public var fourEyes: Bool?
    /// Every rule that was asked, with its conditions.
    public var considered: [PolicyTrial]
    /// What the rules were asked about.
    public var facts: PolicyFacts

    /// Puts the parts together as given.
    public init(
        decision: PolicyAction,
        reason: String,
        policies: [AppliedPolicy],
        approvalRequiredFrom: [ApproverRequirement],
        timeoutMinutes: Int?,
        quorum: Int? = nil,
        fourEyes: Bool? = nil,
        considered: [PolicyTrial],
        facts: PolicyFacts
    ) {
        self.decision = decision
        self.reason = reason
        self.policies = policies
        self.approvalRequiredFrom = approvalRequiredFrom
        self.timeoutMinutes = timeoutMinutes
        self.quorum = quorum
        self.fourEyes = fourEyes
        self.considered = considered
        self.facts = facts
    }

    private enum CodingKeys: String, CodingKey {
        case decision
        case reason
        case policies
        case approvalRequiredFrom = "approval_required_from"
        case timeoutMinutes = "timeout_minutes"
        case quorum
        case fourEyes = "four_eyes"
        case considered
        case facts
    }
}

/// How one rule came to apply or not.
public struct PolicyTrial: Codable, Hashable, Sendable {
    /// One condition beside the fact.
    public struct Comparison: Codable, Hashable, Sendable {
        /// What has to be so.
        public var condition: PolicyCondition
        /// What is so; nil when it is not known.
        public var fact: JSONValue?
        /// What it comes to.
        public var verdict: ConditionVerdict
    }

    /// The policy's id.
    public var policy: String
    /// Its version.
    public var version: Int
    /// What people call it.
    public var name: String
    /// Whether it applies.
    public var applies: Bool
    /// Its conditions in order.
    public var conditions: [Comparison]
}
