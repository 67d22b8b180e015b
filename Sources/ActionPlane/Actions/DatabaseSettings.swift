import OpsPostgres
import OpsRuntime

/// Settings of the target's database, changed by compare-and-swap in one transaction.
struct DatabaseSettings: Sendable {
    let names: [String]

    /// Values by name, of those that the database has of its own.
    func read(on connection: PostgresConnection) async throws -> [String: String] {
        let rows = try await connection.query(DatabaseSettingSQL.read, [.textArray(names)])
        return Dictionary(rows.compactMap { row in row["name"].map { ($0, row["value"] ?? "") } }) { first, _ in first }
    }

    /// Waits for whoever is changing settings, compares all of them, and changes them only if they are what was expected.
    func replace(_ old: [String: String], by new: [String: String], on connection: PostgresConnection) async throws {
        try await connection.execute(script: "BEGIN")
        do {
            try await connection.execute(script: DatabaseSettingSQL.lock)
            guard try await read(on: connection) == old else {
                throw ActionError(.factsDrifted, "somebody else changed the settings of the database")
            }
            for name in names where old[name] != new[name] {
                let rows = try await connection.query(
                    DatabaseSettingSQL.statement,
                    [.text(name), .optional(new[name])]
                )
                if let statement: String = rows.first?["statement"] { try await connection.execute(script: statement) }
            }
            try await connection.execute(script: "COMMIT")
        } catch {
            // The transaction ends with the connection in any case; this only frees the lock sooner.
            try? await connection.execute(script: "ROLLBACK")
            throw error
        }
    }
}
