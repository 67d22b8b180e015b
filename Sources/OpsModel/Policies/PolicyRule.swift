/// A rule as people write it: when all conditions are met, the action is what becomes of a proposal's step.
public struct PolicyRule: Hashable, Sendable {
    /// All of them have to be met.
    public var conditions: [PolicyCondition]
    /// What it wants then.
    public var action: PolicyAction
    /// Of whom one has to approve, `person:NAME` or `role:NAME`; empty is anybody who may approve at all.
    public var approvalRequiredFrom: [String]
    /// How long that person has, in minutes; nil is as long as without this rule.
    public var timeoutMinutes: Int?
    /// How many different people have to approve; nil is one.
    public var quorum: Int?
    /// Whether whoever started the lab may not be among them, under any key of theirs.
    public var fourEyes: Bool

    /// The only kind of rule there is.
    public static let type = "conditional"
    /// How many conditions a rule may have.
    public static let mostConditions = 20
    /// How many values `in` and `not_in` may name, and how many people or roles a rule.
    public static let mostValues = 50
    /// Bytes of a text in a condition.
    public static let longestText = 200
    /// How long a person may be given, in minutes.
    public static let timeouts = 1...1_440
    /// How many people a rule may want.
    public static let quorums = 1...5

    /// Puts the parts together as given.
    public init(
        conditions: [PolicyCondition],
        action: PolicyAction,
        approvalRequiredFrom: [String] = [],
        timeoutMinutes: Int? = nil,
        quorum: Int? = nil,
        fourEyes: Bool = false
    ) {
        self.conditions = conditions
        self.action = action
        self.approvalRequiredFrom = approvalRequiredFrom
        self.timeoutMinutes = timeoutMinutes
        self.quorum = quorum
        self.fourEyes = fourEyes
    }
}

extension PolicyRule: Codable {
    private enum CodingKeys: String, CodingKey {
        case type
        case conditions
        case action
        case approvalRequiredFrom = "approval_required_from"
        case timeoutMinutes = "timeout_minutes"
        case quorum
        case fourEyes = "four_eyes"
    }

    /// Reads the wire form, and accepts nothing that could not be written through the gate.
    public init(from decoder: any Decoder) throws {
        do {
            self = try Self.read(try JSONValue(from: decoder))
        } catch let problems as PolicyProblems {
            let words = problems.all.map(\.description).joined(separator: "; ")
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: words))
        }
    }

    /// Writes the wire form; what was not given is left out.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(Self.type, forKey: .type)
        try container.encode(conditions, forKey: .conditions)
        try container.encode(action, forKey: .action)
        if !approvalRequiredFrom.isEmpty { try container.encode(approvalRequiredFrom, forKey: .approvalRequiredFrom) }
        try container.encodeIfPresent(timeoutMinutes, forKey: .timeoutMinutes)
        try container.encodeIfPresent(quorum, forKey: .quorum)
        if fourEyes { try container.encode(true, forKey: .fourEyes) }
    }
}
