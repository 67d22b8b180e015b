/// How an action ended, or where it stands.
public enum ActionState: String, Codable, CaseIterable, Hashable, Sendable {
    case planned
    case refused
    case running
    case done
    case notDone = "not_done"
    case unknown
    case compensated
}

/// What an action did, or would do.
public struct ActionResult: Codable, Hashable, Sendable {
    /// The run's name.
    public var run: String
    /// The action's name.
    public var action: String
    /// What it ran with.
    public var parameters: [String: JSONValue]
    /// How it ended.
    public var state: ActionState
    /// One sentence for a person.
    public var message: String
    /// The plan it was checked against.
    public var plan: ActionPlan?
    /// What it read back.
    public var detail: JSONValue
    /// When it began.
    public var startedAt: Timestamp
    /// When it ended.
    public var endedAt: Timestamp?
    /// Whether this is the stored answer to a repeated request.
    public var isReplay: Bool

    /// Puts the parts together as given.
    public init(
        run: String,
        action: String,
        parameters: [String: JSONValue] = [:],
        state: ActionState,
        message: String,
        plan: ActionPlan? = nil,
        detail: JSONValue = .null,
        startedAt: Timestamp,
        endedAt: Timestamp? = nil,
        isReplay: Bool = false
    ) {
        self.run = run
        self.action = action
        self.parameters = parameters
        self.state = state
        self.message = message
        self.plan = plan
        self.detail = detail
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.isReplay = isReplay
    }

    private enum CodingKeys: String, CodingKey {
        case run
        case action
        case parameters
        case state
        case message
        case plan
        case detail
        case startedAt = "started_at"
        case endedAt = "ended_at"
        case isReplay = "is_replay"
    }
}

extension ActionResult {
    /// Reads the wire form; members that have a default may be missing.
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        run = try members.decode(String.self, forKey: .run)
        action = try members.decode(String.self, forKey: .action)
        parameters = try members.decodeIfPresent([String: JSONValue].self, forKey: .parameters) ?? [:]
        state = try members.decode(ActionState.self, forKey: .state)
        message = try members.decode(String.self, forKey: .message)
        plan = try members.decodeIfPresent(ActionPlan.self, forKey: .plan)
        detail = try members.decodeIfPresent(JSONValue.self, forKey: .detail) ?? .null
        startedAt = try members.decode(Timestamp.self, forKey: .startedAt)
        endedAt = try members.decodeIfPresent(Timestamp.self, forKey: .endedAt)
        isReplay = try members.decodeIfPresent(Bool.self, forKey: .isReplay) ?? false
    }
}
