/// One version of a policy as it is stored; a version never changes.
public struct PolicyRecord: Codable, Hashable, Sendable {
    /// Its name for machines; the same through all versions.
    public var id: String
    /// From 1, and one more with every change.
    public var version: Int
    /// What people call it.
    public var name: String
    /// Why there is such a rule.
    public var description: String
    /// Whether it counts.
    public var status: PolicyStatus
    /// The rule as it was stored.
    public var ruleDefinition: JSONValue
    /// Who made this version.
    public var createdBy: String?
    /// When.
    public var createdAt: Timestamp

    /// Puts the parts together as given.
    public init(
        id: String,
        version: Int,
        name: String,
        description: String,
        status: PolicyStatus,
        ruleDefinition: JSONValue,
        createdBy: String?,
        createdAt: Timestamp
    ) {
        self.id = id
        self.version = version
        self.name = name
        self.description = description
        self.status = status
        self.ruleDefinition = ruleDefinition
        self.createdBy = createdBy
        self.createdAt = createdAt
    }

    private enum CodingKeys: String, CodingKey {
        case id
        case version
        case name
        case description
        case status
        case ruleDefinition = "rule_definition"
        case createdBy = "created_by"
        case createdAt = "created_at"
    }

    /// The rule; nil when this program cannot read it.
    public var rule: PolicyRule? {
        try? PolicyRule.read(ruleDefinition)  // what is wrong with it was told to whoever wrote it
    }
}
