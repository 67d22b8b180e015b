public import OpsModel
public import OpsPostgres

/// Who is registered in the records, or has claimed an incident without being so.
public struct RegisteredAgent: Hashable, Sendable, Codable {
    /// The organisation it belongs to.
    public var organisation: String
    /// The stable id.
    public var id: String
    /// The name for people.
    public var name: String
    /// What kind of actor it is.
    public var type: String
    /// Whether it runs.
    public var status: String
    /// The version of its program.
    public var version: String
    /// Its level of autonomy, for agents.
    public var autonomy: String?
    /// When it was heard of last.
    public var lastHeartbeat: Timestamp?
    /// The word of whoever paused it; nil while it may act, and for services.
    public var pause: AgentPause?
    /// How many events its runs have recorded.
    public var events: Int

    enum CodingKeys: String, CodingKey {
        case id, name, type, status, version, autonomy, pause, events
        case organisation = "org"
        case lastHeartbeat = "last_heartbeat_at"
    }

    /// Everybody in the organisation of the pool's connections.
    public static func all(_ pool: PostgresPool) async throws(PostgresError) -> [RegisteredAgent] {
        let rows = try await pool.query(everybody)
        var agents: [RegisteredAgent] = []
        for row in rows { agents.append(try RegisteredAgent(row)) }
        return agents
    }

    /// An agent that no process registers is known by what it claimed; one of each name counts as that name's agent.
    private static let everybody = """
        WITH known AS (
            SELECT org_id, id, name, type, status, version, autonomy_level, last_heartbeat_at,
                CASE WHEN type IN ('agent', 'external') THEN '\(AgentPause.prefix)' || name END AS principal,
                (SELECT count(*) FROM agentops.events e JOIN agentops.runs r ON r.id = e.run_id
                    WHERE r.agent_id = a.id) AS events
            FROM agentops.agents a
        ), claimants AS (
            SELECT DISTINCT org_id, claimant
            FROM lab.incidents, jsonb_array_elements_text(coalesce(document -> 'agents', '[]')) AS claimant
        ), everybody AS (
            SELECT * FROM known
            UNION ALL
            SELECT org_id, claimant, substr(claimant, length('\(AgentPause.prefix)') + 1), 'external', 'unregistered', '',
                NULL, NULL, claimant, 0
            FROM claimants WHERE NOT EXISTS (SELECT FROM known WHERE known.principal = claimant)
        )
        SELECT everybody.*, p.reason, p.changed_by, p.changed_at
        FROM everybody LEFT JOIN agentops.agent_pauses p ON p.agent = principal AND p.is_paused
        ORDER BY id
        """

    private init(_ row: PostgresRow) throws(PostgresError) {
        organisation = try row.string("org_id")
        id = try row.string("id")
        name = try row.string("name")
        type = try row.string("type")
        let name = name
        pause = try row["changed_by"].map { person throws(PostgresError) in
            AgentPause(
                agent: name,
                isPaused: true,
                reason: row["reason"] ?? "",
                changedBy: person,
                changedAt: try row.timestamp("changed_at")
            )
        }
        status = pause == nil ? try row.string("status") : "paused"
        version = try row.string("version")
        autonomy = row["autonomy_level"]
        lastHeartbeat = row.optionalTimestamp("last_heartbeat_at")
        events = try row.int("events")
    }
}
