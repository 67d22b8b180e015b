/// Where a request for approval stands.
public enum ApprovalState: String, Codable, CaseIterable, Hashable, Sendable {
    case pending
    case approved
    case denied
    case expired
    case superseded
    /// Approved, and taken back before all of it had begun.
    case revoked
}

/// A person's decision, asked for.
public struct Approval: Codable, Hashable, Sendable {
    /// Its name.
    public var id: String
    /// The incident it belongs to.
    public var incident: String
    /// The proposal it decides.
    public var proposal: String
    /// Where it stands.
    public var state: ApprovalState
    /// One sentence for a person.
    public var title: String
    /// The agent that asks; it never decides.
    public var requester: String
    /// When it was asked.
    public var requestedAt: Timestamp
    /// When silence becomes a refusal.
    public var expiresAt: Timestamp
    /// When it was told to more people, since nobody had decided in half of the time.
    public var escalatedAt: Timestamp?
    /// To whom it was told then, as policies name people.
    public var escalatedTo: [String]?
    /// Who decided.
    public var decidedBy: [String]
    /// Whether the gate's word stands for the decider's yes; false where they signed, and for every other decision.
    public var isAttested: Bool
    /// When.
    public var decidedAt: Timestamp?
    /// In the decider's words.
    public var reason: String?
    /// The number of the option approved, from 1.
    public var option: Int?
    /// How many different people have to say yes to an option that can be approved; the most that any of them wants.
    public var quorum = 1
    /// Whether whoever started the lab may not say yes.
    public var fourEyes = false
    /// Who has said yes so far, in this order.
    public var votes: [ApprovalVote] = []

    /// Puts the parts together as given.
    public init(
        id: String,
        incident: String,
        proposal: String,
        state: ApprovalState,
        title: String,
        requester: String,
        requestedAt: Timestamp,
        expiresAt: Timestamp,
        decidedBy: [String] = [],
        isAttested: Bool = false,
        decidedAt: Timestamp? = nil,
        reason: String? = nil,
        option: Int? = nil
    ) {
        self.id = id
        self.incident = incident
        self.proposal = proposal
        self.state = state
        self.title = title
        self.requester = requester
        self.requestedAt = requestedAt
        self.expiresAt = expiresAt
        self.decidedBy = decidedBy
        self.isAttested = isAttested
        self.decidedAt = decidedAt
        self.reason = reason
        self.option = option
    }

    /// How many people have said yes to an option so far.
    public func yeses(to option: Int) -> Int { votes.filter { $0.option == option }.count }

    private enum CodingKeys: String, CodingKey {
        case id
        case incident
        case proposal
        case state
        case title
        case requester
        case requestedAt = "requested_at"
        case expiresAt = "expires_at"
        case escalatedAt = "escalated_at"
        case escalatedTo = "escalated_to"
        case decidedBy = "decided_by"
        case isAttested = "attested"
        case decidedAt = "decided_at"
        case reason
        case option, quorum, votes
        case fourEyes = "four_eyes"
    }
}

extension Approval {
    /// Reads the wire form; members that have a default may be missing.
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        id = try members.decode(String.self, forKey: .id)
        incident = try members.decode(String.self, forKey: .incident)
        proposal = try members.decode(String.self, forKey: .proposal)
        state = try members.decode(ApprovalState.self, forKey: .state)
        title = try members.decode(String.self, forKey: .title)
        requester = try members.decode(String.self, forKey: .requester)
        requestedAt = try members.decode(Timestamp.self, forKey: .requestedAt)
        expiresAt = try members.decode(Timestamp.self, forKey: .expiresAt)
        escalatedAt = try members.decodeIfPresent(Timestamp.self, forKey: .escalatedAt)
        escalatedTo = try members.decodeIfPresent([String].self, forKey: .escalatedTo)
        decidedBy = try members.decodeIfPresent([String].self, forKey: .decidedBy) ?? []
        isAttested = try members.decodeIfPresent(Bool.self, forKey: .isAttested) ?? false
        decidedAt = try members.decodeIfPresent(Timestamp.self, forKey: .decidedAt)
        reason = try members.decodeIfPresent(String.self, forKey: .reason)
        option = try members.decodeIfPresent(Int.self, forKey: .option)
        quorum = try members.decodeIfPresent(Int.self, forKey: .quorum) ?? 1
        fourEyes = try members.decodeIfPresent(Bool.self, forKey: .fourEyes) ?? false
        votes = try members.decodeIfPresent([ApprovalVote].self, forKey: .votes) ?? []
    }
}
