/// What an agent is told about its incident.
public struct AgentIncident: Codable, Hashable, Sendable {
    /// The incident's name.
    public var id: String
    /// Where it stands.
    public var state: IncidentState
    /// When it opened.
    public var openedAt: Timestamp
    /// What burns.
    public var pages: [Page]
    /// The system, as far as an agent may know it.
    public var view: AgentView
    /// What may be proposed.
    public var actions: [ActionDescription]
    /// How many more actions this incident may see.
    public var actionsLeft: Int
    /// How much the agent may do by itself.
    public var autonomy: Autonomy
    /// What was last held to be the cause, by this agent or one before it.
    public var diagnosis: Diagnosis?
    /// What was proposed so far, oldest first; who takes over an incident finds here what its predecessor asked.
    public var proposals: [ProposalOutcome]

    /// Puts the parts together as given.
    public init(
        id: String,
        state: IncidentState,
        openedAt: Timestamp,
        pages: [Page],
        view: AgentView,
        actions: [ActionDescription],
        actionsLeft: Int,
        autonomy: Autonomy,
        diagnosis: Diagnosis? = nil,
        proposals: [ProposalOutcome] = []
    ) {
        self.id = id
        self.state = state
        self.openedAt = openedAt
        self.pages = pages
        self.view = view
        self.actions = actions
        self.actionsLeft = actionsLeft
        self.autonomy = autonomy
        self.diagnosis = diagnosis
        self.proposals = proposals
    }

    private enum CodingKeys: String, CodingKey {
        case id
        case state
        case openedAt = "opened_at"
        case pages
        case view
        case actions
        case actionsLeft = "actions_left"
        case autonomy
        case diagnosis
        case proposals
    }
}

extension AgentIncident {
    /// Reads the wire form; members that have a default may be missing.
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        id = try members.decode(String.self, forKey: .id)
        state = try members.decode(IncidentState.self, forKey: .state)
        openedAt = try members.decode(Timestamp.self, forKey: .openedAt)
        pages = try members.decode([Page].self, forKey: .pages)
        view = try members.decode(AgentView.self, forKey: .view)
        actions = try members.decode([ActionDescription].self, forKey: .actions)
        actionsLeft = try members.decode(Int.self, forKey: .actionsLeft)
        autonomy = try members.decode(Autonomy.self, forKey: .autonomy)
        diagnosis = try members.decodeIfPresent(Diagnosis.self, forKey: .diagnosis)
        proposals = try members.decodeIfPresent([ProposalOutcome].self, forKey: .proposals) ?? []
    }
}

/// How much an agent may do without a person.
public enum Autonomy: String, Codable, CaseIterable, Hashable, Sendable {
    case observe
    case suggest
    case approve
    case auto
}

/// Asks to work on an incident.
public struct AgentClaim: Codable, Hashable, Sendable {
    /// The agent's name.
    public var agent: String
    /// Its version.
    public var version: String

    /// Puts the parts together as given.
    public init(agent: String, version: String) {
        self.agent = agent
        self.version = version
    }
}

/// An incident and the key that opens it and nothing else.
public struct ClaimedIncident: Codable, Hashable, Sendable {
    /// Shown once.
    public var key: String
    /// The incident.
    public var incident: AgentIncident

    /// Puts the parts together as given.
    public init(key: String, incident: AgentIncident) {
        self.key = key
        self.incident = incident
    }
}
