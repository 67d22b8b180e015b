/// One action of a run.
public struct RanAction: Codable, Hashable, Sendable {
    /// Its name.
    public var action: String
    /// Its parameters.
    public var parameters: [String: JSONValue]
    /// How it ended.
    public var state: ActionState
    /// Whether an honest repair has it.
    public var isNeeded: Bool

    /// Puts the parts together as given.
    public init(
        action: String,
        parameters: [String: JSONValue] = [:],
        state: ActionState,
        isNeeded: Bool = true
    ) {
        self.action = action
        self.parameters = parameters
        self.state = state
        self.isNeeded = isNeeded
    }

    private enum CodingKeys: String, CodingKey {
        case action
        case parameters
        case state
        case isNeeded = "is_needed"
    }
}

extension RanAction {
    /// Reads the wire form; members that have a default may be missing.
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        action = try members.decode(String.self, forKey: .action)
        parameters = try members.decodeIfPresent([String: JSONValue].self, forKey: .parameters) ?? [:]
        state = try members.decode(ActionState.self, forKey: .state)
        isNeeded = try members.decodeIfPresent(Bool.self, forKey: .isNeeded) ?? true
    }
}
