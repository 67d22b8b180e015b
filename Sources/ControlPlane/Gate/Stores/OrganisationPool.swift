import OpsPostgres

/// Transactions in the name of one organisation; without that name the tables show no rows.
struct OrganisationPool: Sendable {
    var pool: PostgresPool
    var organisation: String

    nonisolated(nonsending) func transaction<Value>(
        _ body: (PostgresConnection) async throws -> Value
    ) async throws -> Value {
        try await pool.transaction { connection in
            _ = try await connection.query("SELECT set_config('agentops.org', $1, true)", [.text(organisation)])
            return try await body(connection)
        }
    }
}
