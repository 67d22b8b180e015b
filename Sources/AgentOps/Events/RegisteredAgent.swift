public import OpsModel
public import OpsPostgres

/// Who is registered in the records.
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
    /// How many events its runs have recorded.
    public var events: Int

    enum CodingKeys: String, CodingKey {
        case id, name, type, status, version, autonomy, events
        case organisation = "org"
        case lastHeartbeat = "last_heartbeat_at"
    }

    /// Everybody in the organisation of the pool's connections.
    public static func all(_ pool: PostgresPool) async throws(PostgresError) -> [RegisteredAgent] {
        let rows = try await pool.query(
            """
            SELECT org_id, id, name, type, status, version, autonomy_level, last_heartbeat_at,
                (SELECT count(*) FROM agentops.events e JOIN agentops.runs r ON r.id = e.run_id WHERE r.agent_id = a.id) AS events
            FROM agentops.agents a ORDER BY id
            """
        )
        var agents: [RegisteredAgent] = []
        for row in rows { agents.append(try RegisteredAgent(row)) }
        return agents
    }

    private init(_ row: PostgresRow) throws(PostgresError) {
        organisation = try row.string("org_id")
        id = try row.string("id")
        name = try row.string("name")
        type = try row.string("type")
        status = try row.string("status")
        version = try row.string("version")
        autonomy = row["autonomy_level"]
        lastHeartbeat = row.optionalTimestamp("last_heartbeat_at")
        events = try row.int("events")
    }
}
