public import OpsModel
public import OpsTrust

/// What a person may say about a start.
public struct LabOptions: Sendable {
    /// Where the five programs were built.
    public var programs: String
    /// The topology of another application; nil is what the lab has, and the shop's in a new one.
    public var topology: String?
    /// The Compose file of another application; nil is what the lab has, and the shop in a new one.
    public var target: String?
    /// Who may approve; a key is made for each who has none.
    public var people: [String]
    /// Who starts it; nil where nobody says so.
    public var startedBy: String?
    /// Who made the keys of those that have no person of their own behind them, by their names.
    public var makers: [String: String]
    /// What every action needs at least; nil is what the lab has, and a person's yes in a new one.
    public var ceiling: TrustFile.Authority?
    /// How much agents may do until somebody sets it at the gate.
    public var autonomy: Autonomy
    /// Lab services that are left out.
    public var without: Set<String>
    /// How its programs run; nil is what the lab has, and processes of this machine in a new one.
    public var runtime: LabRuntime?
    /// Whether a new lab has a proxy in the ways between the shop's programs; one that is there keeps what it has.
    public var isProxied: Bool

    /// The usual start.
    public init(
        programs: String,
        topology: String? = nil,
        target: String? = nil,
        people: [String],
        startedBy: String? = nil,
        makers: [String: String] = [:],
        ceiling: TrustFile.Authority? = nil,
        autonomy: Autonomy = .approve,
        without: Set<String> = [],
        runtime: LabRuntime? = nil,
        isProxied: Bool = false
    ) {
        self.isProxied = isProxied
        self.runtime = runtime
        self.programs = programs
        self.topology = topology
        self.target = target
        self.people = people
        self.startedBy = startedBy
        self.makers = makers
        self.ceiling = ceiling
        self.autonomy = autonomy
        self.without = without
    }
}
