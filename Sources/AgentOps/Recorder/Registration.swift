public import OpsModel

/// Who a process is, as its row in `agents` tells it.
public struct Registration: Sendable {
    /// What kind of actor it is.
    public enum Kind: String, Sendable {
        case service
        case agent
        case cli
        case external
    }

    /// The stable id, the same after each start, such as `observer` or `target-api-1`.
    public var id: String
    /// The name for people.
    public var name: String
    /// What kind of actor it is.
    public var kind: Kind
    /// The version of the program.
    public var version: String
    /// The level of autonomy, for agents.
    public var autonomy: String?
    /// What else is worth knowing, without secrets.
    public var configuration: JSONValue

    /// A registration.
    public init(
        id: String,
        name: String,
        kind: Kind = .service,
        version: String = "",
        autonomy: String? = nil,
        configuration: JSONValue = [:]
    ) {
        self.id = id
        self.name = name
        self.kind = kind
        self.version = version
        self.autonomy = autonomy
        self.configuration = configuration
    }
}
