public import OpsModel
public import OpsPostgres

extension AuditTrail {
    /// The rows that match, in the order that the filter asks for.
    public static func rows(
        _ pool: PostgresPool,
        matching filter: AuditFilter
    ) async throws(PostgresError) -> [AuditRow] {
        let found = try await pool.query(
            filter.after == nil ? search + " ORDER BY seq DESC LIMIT $8" : search + " ORDER BY seq LIMIT $8",
            [
                .optional(filter.actor), .optional(filter.action), .optional(filter.target), .optional(filter.from),
                .optional(filter.to), .optional(filter.after), .optional(filter.before), .int(filter.limit),
            ]
        )
        var rows: [AuditRow] = []
        for row in found { rows.append(try AuditRow(row)) }
        return rows
    }

    private static let search = """
        SELECT \(AuditRow.columns) FROM agentops.audit_logs
        WHERE ($1::text IS NULL OR $1 IN (actor_id, actor_type || ':' || actor_id))
            AND ($2::text IS NULL OR action_type = $2 OR starts_with(action_type, $2 || '.'))
            AND ($3::text IS NULL OR $3 IN (entity_id, entity_type || ':' || entity_id))
            AND ($4::timestamptz IS NULL OR "timestamp" >= $4) AND ($5::timestamptz IS NULL OR "timestamp" < $5)
            AND ($6::bigint IS NULL OR seq > $6) AND ($7::bigint IS NULL OR seq < $7)
        """
}
