/// Whether an answer could be given: `unknown` has no sample yet, `unsupported` never will have one here.
public enum ReadStatus: String, Codable, CaseIterable, Hashable, Sendable {
    case ok
    case unknown
    case unsupported
}

/// What the newest sample says to one question, with its age.
public struct ReadAnswer: Codable, Hashable, Sendable {
    /// The name under which the gate keeps this answer; set by the gate.
    public var evidence: String?
    /// The question's read.
    public var read: String
    /// The question's component.
    public var component: String?
    /// The question's instance.
    public var instance: String?
    /// The question's selector.
    public var selector: [String]
    /// Whether `value` means anything.
    public var status: ReadStatus
    /// A number, word or truth value; the number of rows where the answer is a list.
    public var value: JSONValue
    /// `s`, `ms`, `ratio`, `count`, `bytes`, `1/s`, or nil for words.
    public var unit: String?
    /// Named parts of the answer, for example `xact_age`, `owner`, `pid` of `pg.root_blocker`.
    public var fields: [String: JSONValue]
    /// The members of a list answer, each an object; at most 50.
    public var rows: [JSONValue]
    /// Seconds since the newest sample behind the answer.
    public var ageS: Double?
    /// Whether that sample came late, so that it proves nothing.
    public var isStarved: Bool
    /// Why there is no value.
    public var reason: String?

    /// Puts the parts together as given.
    public init(
        evidence: String? = nil,
        read: String,
        component: String? = nil,
        instance: String? = nil,
        selector: [String] = [],
        status: ReadStatus,
        value: JSONValue = .null,
        unit: String? = nil,
        fields: [String: JSONValue] = [:],
        rows: [JSONValue] = [],
        ageS: Double? = nil,
        isStarved: Bool = false,
        reason: String? = nil
    ) {
        self.evidence = evidence
        self.read = read
        self.component = component
        self.instance = instance
        self.selector = selector
        self.status = status
        self.value = value
        self.unit = unit
        self.fields = fields
        self.rows = rows
        self.ageS = ageS
        self.isStarved = isStarved
        self.reason = reason
    }

    private enum CodingKeys: String, CodingKey {
        case evidence
        case read
        case component
        case instance
        case selector
        case status
        case value
        case unit
        case fields
        case rows
        case ageS = "age_s"
        case isStarved = "is_starved"
        case reason
    }
}

extension ReadAnswer {
    /// Reads the wire form; members that have a default may be missing.
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        evidence = try members.decodeIfPresent(String.self, forKey: .evidence)
        read = try members.decode(String.self, forKey: .read)
        component = try members.decodeIfPresent(String.self, forKey: .component)
        instance = try members.decodeIfPresent(String.self, forKey: .instance)
        selector = try members.decodeIfPresent([String].self, forKey: .selector) ?? []
        status = try members.decode(ReadStatus.self, forKey: .status)
        value = try members.decodeIfPresent(JSONValue.self, forKey: .value) ?? .null
        unit = try members.decodeIfPresent(String.self, forKey: .unit)
        fields = try members.decodeIfPresent([String: JSONValue].self, forKey: .fields) ?? [:]
        rows = try members.decodeIfPresent([JSONValue].self, forKey: .rows) ?? []
        ageS = try members.decodeIfPresent(Double.self, forKey: .ageS)
        isStarved = try members.decodeIfPresent(Bool.self, forKey: .isStarved) ?? false
        reason = try members.decodeIfPresent(String.self, forKey: .reason)
    }
}
