/// A request for approval with the exact bytes that a signature will cover.
public struct ApprovalDetail: Codable, Hashable, Sendable {
    /// The request.
    public var approval: Approval
    /// The diagnosis behind it.
    public var diagnosis: Diagnosis?
    /// What may be approved.
    public var options: [ApprovalOption]
    /// What the agent does not propose.
    public var rejected: [RejectedOption]
    /// The answers that the diagnosis rests on.
    public var evidence: [ReadAnswer]

    /// Puts the parts together as given.
    public init(
        approval: Approval,
        diagnosis: Diagnosis? = nil,
        options: [ApprovalOption],
        rejected: [RejectedOption] = [],
        evidence: [ReadAnswer] = []
    ) {
        self.approval = approval
        self.diagnosis = diagnosis
        self.options = options
        self.rejected = rejected
        self.evidence = evidence
    }
}

extension ApprovalDetail {
    /// Reads the wire form; members that have a default may be missing.
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        approval = try members.decode(Approval.self, forKey: .approval)
        diagnosis = try members.decodeIfPresent(Diagnosis.self, forKey: .diagnosis)
        options = try members.decode([ApprovalOption].self, forKey: .options)
        rejected = try members.decodeIfPresent([RejectedOption].self, forKey: .rejected) ?? []
        evidence = try members.decodeIfPresent([ReadAnswer].self, forKey: .evidence) ?? []
    }
}

/// One option, ready to be signed.
public struct ApprovalOption: Codable, Hashable, Sendable {
    /// From 1.
    public var number: Int
    /// A few words for a person.
    public var title: String
    /// One sentence for a person.
    public var why: String
    /// SHA-256 over the payloads of its steps, in hex.
    public var digest: String
    /// Its actions in order.
    public var steps: [ApprovalStep]
    /// Why it cannot be approved now, if it cannot.
    public var refusal: String?
    /// Of whom policies want an approval; one out of each.
    public var requiredFrom: [ApproverRequirement]
    /// How many different people have to approve it.
    public var quorum: Int
    /// Who may not be one of them, under any name of theirs; empty where nobody is barred.
    public var barred: [String]
    /// What policies were asked about, step by step.
    public var facts: [PolicyFacts]

    /// Puts the parts together as given.
    public init(
        number: Int,
        title: String,
        why: String = "",
        digest: String,
        steps: [ApprovalStep],
        refusal: String? = nil,
        requiredFrom: [ApproverRequirement] = [],
        quorum: Int = 1,
        barred: [String] = [],
        facts: [PolicyFacts] = []
    ) {
        self.number = number
        self.title = title
        self.why = why
        self.digest = digest
        self.steps = steps
        self.refusal = refusal
        self.requiredFrom = requiredFrom
        self.quorum = quorum
        self.barred = barred
        self.facts = facts
    }

    private enum CodingKeys: String, CodingKey {
        case number
        case title
        case why
        case digest
        case steps
        case refusal
        case requiredFrom = "required_from"
        case quorum
        case barred
        case facts
    }
}

extension ApprovalOption {
    /// Reads the wire form; members that have a default may be missing.
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        number = try members.decode(Int.self, forKey: .number)
        title = try members.decode(String.self, forKey: .title)
        why = try members.decodeIfPresent(String.self, forKey: .why) ?? ""
        digest = try members.decode(String.self, forKey: .digest)
        steps = try members.decode([ApprovalStep].self, forKey: .steps)
        refusal = try members.decodeIfPresent(String.self, forKey: .refusal)
        requiredFrom = try members.decodeIfPresent([ApproverRequirement].self, forKey: .requiredFrom) ?? []
        quorum = try members.decodeIfPresent(Int.self, forKey: .quorum) ?? 1
        barred = try members.decodeIfPresent([String].self, forKey: .barred) ?? []
        facts = try members.decodeIfPresent([PolicyFacts].self, forKey: .facts) ?? []
    }
}

/// One action of an option with the facts that must still hold when it runs.
public struct ApprovalStep: Codable, Hashable, Sendable {
    /// The action's name.
    public var action: String
    /// Its parameters.
    public var parameters: [String: JSONValue]
    /// The grant's payload so far, base64url of JSON: everything but the decider's part.
    public var payload: String
    /// What a dry run said.
    public var plan: ActionPlan

    /// Puts the parts together as given.
    public init(
        action: String,
        parameters: [String: JSONValue] = [:],
        payload: String,
        plan: ActionPlan
    ) {
        self.action = action
        self.parameters = parameters
        self.payload = payload
        self.plan = plan
    }
}

extension ApprovalStep {
    /// Reads the wire form; members that have a default may be missing.
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        action = try members.decode(String.self, forKey: .action)
        parameters = try members.decodeIfPresent([String: JSONValue].self, forKey: .parameters) ?? [:]
        payload = try members.decode(String.self, forKey: .payload)
        plan = try members.decode(ActionPlan.self, forKey: .plan)
    }
}

/// A person's yes or no.
public struct ApprovalDecision: Codable, Hashable, Sendable {
    /// The number of the option approved, from 1; nil for a no.
    public var option: Int?
    /// In the decider's words; needed for a no.
    public var reason: String?
    /// One signed grant for each step, in order.
    public var grants: [String]

    /// Puts the parts together as given.
    public init(option: Int? = nil, reason: String? = nil, grants: [String] = []) {
        self.option = option
        self.reason = reason
        self.grants = grants
    }
}

extension ApprovalDecision {
    /// Reads the wire form; members that have a default may be missing.
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        option = try members.decodeIfPresent(Int.self, forKey: .option)
        reason = try members.decodeIfPresent(String.self, forKey: .reason)
        grants = try members.decodeIfPresent([String].self, forKey: .grants) ?? []
    }
}
