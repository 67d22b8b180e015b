/// An incident with all that was found, asked, allowed and done.
public struct IncidentDetail: Codable, Hashable, Sendable {
    /// The incident itself.
    public var incident: Incident
    /// In the order given.
    public var diagnoses: [Diagnosis]
    /// In the order made.
    public var proposals: [ProposalRecord]
    /// The hand-over, if there was one.
    public var escalation: Escalation?
    /// Every answer the agent was given.
    public var evidence: [ReadAnswer]
    /// The timeline.
    public var events: [IncidentEvent]

    /// Puts the parts together as given.
    public init(
        incident: Incident,
        diagnoses: [Diagnosis] = [],
        proposals: [ProposalRecord] = [],
        escalation: Escalation? = nil,
        evidence: [ReadAnswer] = [],
        events: [IncidentEvent] = []
    ) {
        self.incident = incident
        self.diagnoses = diagnoses
        self.proposals = proposals
        self.escalation = escalation
        self.evidence = evidence
        self.events = events
    }
}

extension IncidentDetail {
    /// Reads the wire form; members that have a default may be missing.
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        incident = try members.decode(Incident.self, forKey: .incident)
        diagnoses = try members.decodeIfPresent([Diagnosis].self, forKey: .diagnoses) ?? []
        proposals = try members.decodeIfPresent([ProposalRecord].self, forKey: .proposals) ?? []
        escalation = try members.decodeIfPresent(Escalation.self, forKey: .escalation)
        evidence = try members.decodeIfPresent([ReadAnswer].self, forKey: .evidence) ?? []
        events = try members.decodeIfPresent([IncidentEvent].self, forKey: .events) ?? []
    }
}

/// A proposal with its decision and its end.
public struct ProposalRecord: Codable, Hashable, Sendable {
    /// Its name.
    public var id: String
    /// The agent that made it; nil in records from before this was kept.
    public var agent: String?
    /// What was asked.
    public var proposal: Proposal
    /// Where it stands.
    public var outcome: ProposalOutcome
    /// The approval it needed.
    public var approval: String?
    /// Which policies had a say, and what they came to together.
    public var policy: PolicyDecision?
    /// Who decided.
    public var decidedBy: [String]
    /// When it was asked.
    public var requestedAt: Timestamp
    /// When it was decided.
    public var decidedAt: Timestamp?

    /// Puts the parts together as given.
    public init(
        id: String,
        agent: String? = nil,
        proposal: Proposal,
        outcome: ProposalOutcome,
        approval: String? = nil,
        policy: PolicyDecision? = nil,
        decidedBy: [String] = [],
        requestedAt: Timestamp,
        decidedAt: Timestamp? = nil
    ) {
        self.id = id
        self.agent = agent
        self.proposal = proposal
        self.outcome = outcome
        self.approval = approval
        self.policy = policy
        self.decidedBy = decidedBy
        self.requestedAt = requestedAt
        self.decidedAt = decidedAt
    }

    private enum CodingKeys: String, CodingKey {
        case id
        case agent
        case proposal
        case outcome
        case approval
        case policy
        case decidedBy = "decided_by"
        case requestedAt = "requested_at"
        case decidedAt = "decided_at"
    }
}

extension ProposalRecord {
    /// Reads the wire form; members that have a default may be missing.
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        id = try members.decode(String.self, forKey: .id)
        agent = try members.decodeIfPresent(String.self, forKey: .agent)
        proposal = try members.decode(Proposal.self, forKey: .proposal)
        outcome = try members.decode(ProposalOutcome.self, forKey: .outcome)
        approval = try members.decodeIfPresent(String.self, forKey: .approval)
        policy = try members.decodeIfPresent(PolicyDecision.self, forKey: .policy)
        decidedBy = try members.decodeIfPresent([String].self, forKey: .decidedBy) ?? []
        requestedAt = try members.decode(Timestamp.self, forKey: .requestedAt)
        decidedAt = try members.decodeIfPresent(Timestamp.self, forKey: .decidedAt)
    }
}

/// One line of an incident's timeline.
public struct IncidentEvent: Codable, Hashable, Sendable {
    /// Rises by one with every event of the incident.
    public var seq: Int
    /// When it happened.
    public var at: Timestamp
    /// A dotted word such as `approval.granted`.
    public var type: String
    /// One sentence for a person.
    public var message: String
    /// What a script would read.
    public var payload: JSONValue

    /// Puts the parts together as given.
    public init(
        seq: Int,
        at: Timestamp,
        type: String,
        message: String,
        payload: JSONValue = .null
    ) {
        self.seq = seq
        self.at = at
        self.type = type
        self.message = message
        self.payload = payload
    }
}

extension IncidentEvent {
    /// Reads the wire form; members that have a default may be missing.
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        seq = try members.decode(Int.self, forKey: .seq)
        at = try members.decode(Timestamp.self, forKey: .at)
        type = try members.decode(String.self, forKey: .type)
        message = try members.decode(String.self, forKey: .message)
        payload = try members.decodeIfPresent(JSONValue.self, forKey: .payload) ?? .null
    }
}
