/// Asks for one fault.
public struct FaultRequest: Codable, Hashable, Sendable {
    /// The name of the fault, chosen by the caller: 8 to 32 letters and digits, good for one request; nil lets the injector choose.
    public var id: String?
    /// The component to break.
    public var target: String
    /// One instance of it.
    public var instance: String?
    /// Other components the fault needs, by role.
    public var roles: [String: String]
    /// Typed parameters of the fault.
    public var with: [String: JSONValue]
    /// Seconds after which it ends by itself.
    public var leaseS: Double
    /// The scenario run that asks.
    public var run: String?
    /// The catalogue's names are exchanged by this: see ``FaultAliases``; nil when each means itself.
    public var aliasSeed: Int?

    /// Whether everybody may be told of it, because nobody is judged by it.
    public var open: Bool?
    /// Whether it is only to be said what would be done.
    public var dryRun: Bool?

    /// Puts the parts together as given.
    public init(
        id: String? = nil,
        target: String,
        instance: String? = nil,
        roles: [String: String] = [:],
        with: [String: JSONValue] = [:],
        leaseS: Double,
        run: String? = nil,
        aliasSeed: Int? = nil,
        open: Bool? = nil,
        dryRun: Bool? = nil
    ) {
        self.id = id
        self.target = target
        self.instance = instance
        self.roles = roles
        self.with = with
        self.leaseS = leaseS
        self.run = run
        self.aliasSeed = aliasSeed
        self.open = open
        self.dryRun = dryRun
    }

    private enum CodingKeys: String, CodingKey {
        case id
        case target
        case instance
        case roles
        case with
        case leaseS = "lease_s"
        case run
        case aliasSeed = "alias_seed"
        case open
        case dryRun = "dry_run"
    }
}

extension FaultRequest {
    /// Reads the wire form; members that have a default may be missing.
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        id = try members.decodeIfPresent(String.self, forKey: .id)
        target = try members.decode(String.self, forKey: .target)
        instance = try members.decodeIfPresent(String.self, forKey: .instance)
        roles = try members.decodeIfPresent([String: String].self, forKey: .roles) ?? [:]
        with = try members.decodeIfPresent([String: JSONValue].self, forKey: .with) ?? [:]
        leaseS = try members.decode(Double.self, forKey: .leaseS)
        run = try members.decodeIfPresent(String.self, forKey: .run)
        aliasSeed = try members.decodeIfPresent(Int.self, forKey: .aliasSeed)
        open = try members.decodeIfPresent(Bool.self, forKey: .open)
        dryRun = try members.decodeIfPresent(Bool.self, forKey: .dryRun)
    }
}
