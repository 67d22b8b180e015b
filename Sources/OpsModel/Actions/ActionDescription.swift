/// One entry of the closed catalogue of actions.
public struct ActionDescription: Codable, Hashable, Sendable {
    /// Its name, as in `POST /action/{name}`.
    public var name: String
    /// Rises when its meaning changes.
    public var version: Int
    /// One sentence for a person.
    public var title: String
    /// JSON Schema of its parameters.
    public var parameters: JSONValue
    /// The kinds of component it may touch.
    public var kinds: [String]
    /// `low`, `medium` or `high`.
    public var risk: String
    /// Seconds of disturbance that it usually costs.
    public var downtimeS: Double
    /// How it is taken back, in words.
    public var undo: String
    /// Whether it can be taken back at all.
    public var isReversible: Bool

    /// Puts the parts together as given.
    public init(
        name: String,
        version: Int,
        title: String,
        parameters: JSONValue,
        kinds: [String],
        risk: String,
        downtimeS: Double,
        undo: String,
        isReversible: Bool
    ) {
        self.name = name
        self.version = version
        self.title = title
        self.parameters = parameters
        self.kinds = kinds
        self.risk = risk
        self.downtimeS = downtimeS
        self.undo = undo
        self.isReversible = isReversible
    }

    private enum CodingKeys: String, CodingKey {
        case name
        case version
        case title
        case parameters
        case kinds
        case risk
        case downtimeS = "downtime_s"
        case undo
        case isReversible = "is_reversible"
    }
}
