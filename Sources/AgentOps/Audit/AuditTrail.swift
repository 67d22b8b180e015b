public import OpsPostgres

/// Adds rows to the chain of the connection's organisation and reads them.
public enum AuditTrail {
    /// Adds a row inside the caller's transaction, so that a change and its record stand or fall together.
    ///
    /// - Important: Call it last before the commit. It locks the organisation's head row, behind which everybody else
    ///   waits; whoever also takes the event head takes that one first.
    @discardableResult
    public static func append(_ entry: AuditEntry, on connection: PostgresConnection) async throws -> AuditRow {
        guard connection.isInTransaction else {
            throw AgentOpsError(.badRecord, "an audit row is added inside the transaction of the change it describes")
        }
        let row = try AuditRow(entry, after: try await lockHead(connection))
        try await connection.query(insert, values(row))
        try await connection.query(
            "UPDATE agentops.audit_heads SET seq = $1, hash = $2",
            [.int(row.seq), .text(row.hash)]
        )
        return row
    }

    /// The end of the chain.
    public static func head(_ pool: PostgresPool) async throws(PostgresError) -> AuditHead {
        try head(try await pool.query("SELECT seq, hash FROM agentops.audit_heads"))
    }

    /// Up to `limit` rows after a number, in order.
    public static func rows(
        _ pool: PostgresPool,
        after seq: Int = 0,
        limit: Int = 500
    ) async throws(PostgresError) -> [AuditRow] {
        let found = try await pool.query(
            "SELECT \(AuditRow.columns) FROM agentops.audit_logs WHERE seq > $1 ORDER BY seq LIMIT $2",
            [.int(seq), .int(limit)]
        )
        var rows: [AuditRow] = []
        for row in found { rows.append(try AuditRow(row)) }
        return rows
    }

    /// The rows that name a line of a service's own journal.
    public static func rowsWithJournal(_ pool: PostgresPool) async throws(PostgresError) -> [AuditRow] {
        let found = try await pool.query(
            "SELECT \(AuditRow.columns) FROM agentops.audit_logs WHERE journal_n IS NOT NULL ORDER BY seq"
        )
        var rows: [AuditRow] = []
        for row in found { rows.append(try AuditRow(row)) }
        return rows
    }

    private static func lockHead(_ connection: PostgresConnection) async throws(PostgresError) -> AuditHead {
        try head(try await connection.query("SELECT seq, hash FROM agentops.audit_heads FOR UPDATE"))
    }

    private static func head(_ rows: PostgresRows) throws(PostgresError) -> AuditHead {
        let row = try rows.only()
        return AuditHead(seq: try row.int("seq"), hash: try row.string("hash"))
    }

    private static let insert = """
        INSERT INTO agentops.audit_logs (seq, id, actor_type, actor_id, action_type, entity_type, entity_id, changes,
            changes_digest, "timestamp", journal_writer, journal_n, journal_hash, prev_hash, hash)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
        """

    private static func values(_ row: AuditRow) -> [PostgresValue] {
        [
            .int(row.seq), .text(row.id), .text(row.actorType), .text(row.actorID), .text(row.action),
            .text(row.entityType), .text(row.entityID), .optional(row.changes), .text(row.changesDigest),
            .timestamp(row.occurredAt), .optional(row.journalWriter), .optional(row.journalNumber),
            .optional(row.journalHash), .text(row.previous), .text(row.hash),
        ]
    }
}
