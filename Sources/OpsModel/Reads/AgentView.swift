/// The part of the topology that an agent may know: names, kinds and who needs whom.
public struct AgentView: Codable, Hashable, Sendable {
    /// The system's name.
    public var system: String
    /// What customers do.
    public var journeys: [ViewedJourney]
    /// What the system is made of.
    public var components: [ViewedComponent]
    /// How many actions one incident may see.
    public var actionsPerIncident: Int

    /// Puts the parts together as given.
    public init(
        system: String,
        journeys: [ViewedJourney],
        components: [ViewedComponent],
        actionsPerIncident: Int
    ) {
        self.system = system
        self.journeys = journeys
        self.components = components
        self.actionsPerIncident = actionsPerIncident
    }

    private enum CodingKeys: String, CodingKey {
        case system
        case journeys
        case components
        case actionsPerIncident = "actions_per_incident"
    }
}

/// One customer journey.
public struct ViewedJourney: Codable, Hashable, Sendable {
    /// Its name.
    public var name: String
    /// Method and path, for example `POST /api/checkout`.
    public var request: String
    /// The share of good requests that is promised, 0 to 1.
    public var objective: Double
    /// The component that customers reach first.
    public var entry: String

    /// Puts the parts together as given.
    public init(name: String, request: String, objective: Double, entry: String) {
        self.name = name
        self.request = request
        self.objective = objective
        self.entry = entry
    }
}

/// One component as its operators would describe it.
public struct ViewedComponent: Codable, Hashable, Sendable {
    /// Its name.
    public var name: String
    /// One of the closed list of kinds.
    public var kind: String
    /// The names of its instances; empty for directories and providers.
    public var instances: [String]
    /// The components it cannot work without.
    public var needs: [String]
    /// The alternatives of a provider, the preferred first.
    public var providers: [String]
    /// The configuration file it starts with.
    public var config: String?
    /// Whether it may be paused.
    public var isPausable: Bool

    /// Puts the parts together as given.
    public init(
        name: String,
        kind: String,
        instances: [String] = [],
        needs: [String] = [],
        providers: [String] = [],
        config: String? = nil,
        isPausable: Bool = false
    ) {
        self.name = name
        self.kind = kind
        self.instances = instances
        self.needs = needs
        self.providers = providers
        self.config = config
        self.isPausable = isPausable
    }

    private enum CodingKeys: String, CodingKey {
        case name
        case kind
        case instances
        case needs
        case providers
        case config
        case isPausable = "is_pausable"
    }
}

extension ViewedComponent {
    /// Reads the wire form; members that have a default may be missing.
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        name = try members.decode(String.self, forKey: .name)
        kind = try members.decode(String.self, forKey: .kind)
        instances = try members.decodeIfPresent([String].self, forKey: .instances) ?? []
        needs = try members.decodeIfPresent([String].self, forKey: .needs) ?? []
        providers = try members.decodeIfPresent([String].self, forKey: .providers) ?? []
        config = try members.decodeIfPresent(String.self, forKey: .config)
        isPausable = try members.decodeIfPresent(Bool.self, forKey: .isPausable) ?? false
    }
}
