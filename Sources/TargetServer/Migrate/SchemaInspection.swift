import OpsPostgres

/// Looks whether the objects that the steps promise are really there: a version row alone proves nothing.
struct SchemaInspection {
    let connection: PostgresConnection

    /// Tables and indexes that are missing although every step has been applied.
    func missing() async throws -> [String] {
        let names = Schema.tables + Schema.indexes.map(\.name)
        let rows = try await connection.query(
            "SELECT name FROM unnest($1::text[]) AS name WHERE to_regclass('public.' || name) IS NULL ORDER BY name",
            [.textArray(names)]
        )
        return try rows.map { try $0.string("name") }
    }

    /// Makes missing indexes again.
    ///
    /// Tables are not: an empty table in place of a lost one would hide the loss.
    func repair() async throws -> [String] {
        let missing = Set(try await missing())
        let indexes = Schema.indexes.filter { missing.contains($0.name) }
        for index in indexes {
            try await connection.query(
                "CREATE INDEX IF NOT EXISTS \(index.name) ON \(index.definition)",
                within: .seconds(60)
            )
        }
        return indexes.map(\.name)
    }
}
