import OpsPostgres

/// A foreign key of another table, which goes when the table goes that it leads to.
struct IncomingKey: Codable, Hashable, Sendable {
    /// The other table, as a statement names it.
    var table: String
    var name: String
    var definition: String

    private var quoted: String { TableChange.quoted(self.name) }

    func detach(_ connection: SynchronousPostgresConnection) throws(PostgresError) {
        _ = try connection.query("ALTER TABLE \(self.table) DROP CONSTRAINT \(self.quoted)")
    }

    /// Left out where somebody has made it again; rows that break it already stay, and only new ones are checked.
    func attach(_ connection: SynchronousPostgresConnection) throws(PostgresError) {
        let place = try connection.query(
            """
            SELECT to_regclass($1) IS NOT NULL AND NOT EXISTS (
              SELECT FROM pg_constraint WHERE conrelid = to_regclass($1) AND conname = $2) AS is_free
            """,
            [.text(self.table), .text(self.name)]
        ).only()
        guard try place.bool("is_free") else { return }
        let statement = "ALTER TABLE \(self.table) ADD CONSTRAINT \(self.quoted) \(self.definition)"
        try connection.query("SAVEPOINT key")
        do throws(PostgresError) { _ = try connection.query(statement) } catch {
            guard error.sqlState == "23503" else { throw error }
            try connection.query("ROLLBACK TO SAVEPOINT key")
            try connection.query("\(statement) NOT VALID")
        }
    }

    /// What refers to a table now.
    static func all(
        of place: String,
        _ connection: SynchronousPostgresConnection
    ) throws(PostgresError) -> [IncomingKey] {
        let rows = try connection.query(
            """
            SELECT format('%I.%I', n.nspname, c.relname) AS table, k.conname::text AS name,
              pg_get_constraintdef(k.oid) AS definition
            FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE k.confrelid = to_regclass($1) AND k.conrelid <> k.confrelid AND k.contype = 'f' ORDER BY 1, 2
            """,
            [.text(place)]
        )
        var keys: [IncomingKey] = []
        for row in rows {
            keys.append(
                IncomingKey(
                    table: try row.string("table"),
                    name: try row.string("name"),
                    definition: try row.string("definition")
                )
            )
        }
        return keys
    }
}
