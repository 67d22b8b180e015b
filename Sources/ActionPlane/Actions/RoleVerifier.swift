import OpsPostgres

/// The stored form of a role's password, changed by compare-and-swap in one transaction.
struct RoleVerifier: Sendable {
    private let role: String

    init(_ role: String) { self.role = role }

    func read(on connection: PostgresConnection) async throws -> String {
        let rows = try await connection.query(
            "SELECT coalesce(rolpassword, '') AS verifier FROM pg_authid WHERE rolname = $1 AND NOT rolsuper",
            [.text(role)]
        )
        guard let row = rows.first else {
            throw ActionError(.notPermitted, "\(role) is no ordinary role of this database")
        }
        return try row.string("verifier")
    }

    /// Waits for whoever is changing the role, compares, and changes it only if it still is what was expected.
    func replace(_ old: String, by new: String, on connection: PostgresConnection) async throws {
        try await connection.execute(script: "BEGIN")
        do {
            let rows = try await connection.query(
                "SELECT rolpassword = $2 AS is_expected FROM pg_authid WHERE rolname = $1 FOR UPDATE",
                [.text(role), .text(old)]
            )
            guard try rows.first?.bool("is_expected") == true else {
                throw ActionError(.factsDrifted, "somebody else changed the password of \(role)")
            }
            // A verifier is stored as it is; the server formats and quotes the statement itself.
            let statement = try await connection.query(
                "SELECT format('ALTER ROLE %I PASSWORD %L', $1::text, $2::text) AS statement",
                [.text(role), .text(new)]
            )
            if let text: String = statement.first?["statement"] { try await connection.execute(script: text) }
            try await connection.execute(script: "COMMIT")
        } catch {
            // The transaction ends with the connection in any case; this only frees the row sooner.
            try? await connection.execute(script: "ROLLBACK")
            throw error
        }
    }
}
