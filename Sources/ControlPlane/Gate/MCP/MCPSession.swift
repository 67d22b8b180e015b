import OpsModel

/// One client's conversation, and the one incident that it works on.
struct MCPSession: Hashable, Sendable {
    let id: String
    /// The principal that opened it; for everybody else it does not exist.
    let owner: String
    let version: MCPVersion
    /// What the client calls itself; the name under which it claims.
    let agent: AgentClaim
    var usedAt: ContinuousClock.Instant
    /// The key of its incident, without the secret; nil while it works on none.
    var incident: IncidentKey?
    /// The call that waits for an incident; a later one takes its place.
    var waiting: JSONRPCID?

    init(owner: String, version: MCPVersion, agent: AgentClaim, at now: ContinuousClock.Instant) {
        id = Identifier.random(prefix: "mcp", length: 26)
        self.owner = owner
        self.version = version
        self.agent = agent
        usedAt = now
    }
}
