/// Whether people have paused one agent, and their last word about it.
public struct AgentPause: Codable, Hashable, Sendable {
    /// The name under which it claims incidents.
    public var agent: String
    /// Whether nothing may be done for it now.
    public var isPaused: Bool
    /// Why, in the words of whoever said so.
    public var reason: String
    /// Who paused it, or let it go on.
    public var changedBy: String
    /// When; whatever was granted for it before is void.
    public var changedAt: Timestamp

    /// Puts the parts together as given.
    public init(agent: String, isPaused: Bool, reason: String, changedBy: String, changedAt: Timestamp) {
        self.agent = agent
        self.isPaused = isPaused
        self.reason = reason
        self.changedBy = changedBy
        self.changedAt = changedAt
    }

    /// How incidents and grants call the agent.
    public var principal: String { Self.prefix + agent }

    /// What stands before an agent's name where people and services have names, too.
    public static let prefix = "agent/"

    private enum CodingKeys: String, CodingKey {
        case agent, reason
        case isPaused = "paused"
        case changedBy = "changed_by"
        case changedAt = "changed_at"
    }
}
