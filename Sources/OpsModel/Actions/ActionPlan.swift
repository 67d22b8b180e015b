/// What an action would do now, and what must still be so when it does.
public struct ActionPlan: Codable, Hashable, Sendable {
    /// The typed facts that are compared again inside the lock.
    public var facts: [String: JSONValue]
    /// SHA-256 over action, version and facts, in hex.
    public var fingerprint: String
    /// What would change, line by line.
    public var diff: [String]
    /// Who would feel it, in words.
    public var blastRadius: String
    /// `low`, `medium` or `high`.
    public var risk: String
    /// Seconds of disturbance.
    public var downtimeS: Double
    /// How it is taken back, in words.
    public var undo: String
    /// What it locks and claims.
    public var resources: [String]
    /// Why it would not run now; empty when it would.
    public var refusals: [String]

    /// Puts the parts together as given.
    public init(
        facts: [String: JSONValue] = [:],
        fingerprint: String,
        diff: [String] = [],
        blastRadius: String = "",
        risk: String = "medium",
        downtimeS: Double = 0,
        undo: String = "",
        resources: [String] = [],
        refusals: [String] = []
    ) {
        self.facts = facts
        self.fingerprint = fingerprint
        self.diff = diff
        self.blastRadius = blastRadius
        self.risk = risk
        self.downtimeS = downtimeS
        self.undo = undo
        self.resources = resources
        self.refusals = refusals
    }

    private enum CodingKeys: String, CodingKey {
        case facts
        case fingerprint
        case diff
        case blastRadius = "blast_radius"
        case risk
        case downtimeS = "downtime_s"
        case undo
        case resources
        case refusals
    }
}

extension ActionPlan {
    /// Reads the wire form; members that have a default may be missing.
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        facts = try members.decodeIfPresent([String: JSONValue].self, forKey: .facts) ?? [:]
        fingerprint = try members.decode(String.self, forKey: .fingerprint)
        diff = try members.decodeIfPresent([String].self, forKey: .diff) ?? []
        blastRadius = try members.decodeIfPresent(String.self, forKey: .blastRadius) ?? ""
        risk = try members.decodeIfPresent(String.self, forKey: .risk) ?? "medium"
        downtimeS = try members.decodeIfPresent(Double.self, forKey: .downtimeS) ?? 0
        undo = try members.decodeIfPresent(String.self, forKey: .undo) ?? ""
        resources = try members.decodeIfPresent([String].self, forKey: .resources) ?? []
        refusals = try members.decodeIfPresent([String].self, forKey: .refusals) ?? []
    }
}
