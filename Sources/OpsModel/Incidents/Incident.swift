/// Where an incident stands; the last two are final.
public enum IncidentState: String, Codable, CaseIterable, Hashable, Sendable {
    case open
    case diagnosing
    case awaitingApproval = "awaiting_approval"
    case acting
    case verifying
    case resolved
    case escalated
}

/// One disturbance that customers felt, from its first page to its end.
public struct Incident: Codable, Hashable, Sendable {
    /// Its name; says nothing about the cause.
    public var id: String
    /// One sentence for a person.
    public var title: String
    /// Where it stands.
    public var state: IncidentState
    /// When its first page came in.
    public var openedAt: Timestamp
    /// When it was resolved or escalated.
    public var endedAt: Timestamp?
    /// Who works on it.
    public var agent: String?
    /// The pages that were grouped into it.
    public var pages: [Page]

    /// Puts the parts together as given.
    public init(
        id: String,
        title: String,
        state: IncidentState,
        openedAt: Timestamp,
        endedAt: Timestamp? = nil,
        agent: String? = nil,
        pages: [Page] = []
    ) {
        self.id = id
        self.title = title
        self.state = state
        self.openedAt = openedAt
        self.endedAt = endedAt
        self.agent = agent
        self.pages = pages
    }

    private enum CodingKeys: String, CodingKey {
        case id
        case title
        case state
        case openedAt = "opened_at"
        case endedAt = "ended_at"
        case agent
        case pages
    }
}

extension Incident {
    /// Reads the wire form; members that have a default may be missing.
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        id = try members.decode(String.self, forKey: .id)
        title = try members.decode(String.self, forKey: .title)
        state = try members.decode(IncidentState.self, forKey: .state)
        openedAt = try members.decode(Timestamp.self, forKey: .openedAt)
        endedAt = try members.decodeIfPresent(Timestamp.self, forKey: .endedAt)
        agent = try members.decodeIfPresent(String.self, forKey: .agent)
        pages = try members.decodeIfPresent([Page].self, forKey: .pages) ?? []
    }
}
