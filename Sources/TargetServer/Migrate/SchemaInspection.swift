import OpsPostgres

/// Looks whether the objects that the steps promise are really there: a version row alone proves nothing.
struct SchemaInspection {
    let connection: PostgresConnection

    /// Tables, indexes and columns (as `table.column`) that are missing although every step has been applied.
    func missing() async throws -> [String] {
        let names = Schema.tables + Schema.indexes.map(\.name)
        let rows = try await connection.query(
            "SELECT name FROM unnest($1::text[]) AS name WHERE to_regclass('public.' || name) IS NULL",
            [.textArray(names)]
        )
        return (try rows.map { try $0.string("name") } + (try await missingColumns())).sorted()
    }

    /// Those of the missing objects that `repair` makes again, without a loss.
    func repairable() async throws -> [String] {
        let missing = Set(try await missing())
        let indexes = Self.makable(missing).map(\.name)
        var columns: [String] = []
        for rename in try await halfRenamed() { columns.append("\(rename.table).\(rename.column)") }
        return (indexes + columns.filter(missing.contains)).sorted()
    }

    /// Makes missing indexes again, and gives columns the names that a step gave them.
    ///
    /// Tables are not made: an empty table in place of a lost one would hide the loss.
    func repair() async throws -> [String] {
        let missing = Set(try await missing())
        let renames = try await halfRenamed()
        for rename in renames {
            try await connection.query(
                "ALTER TABLE \(rename.table) RENAME COLUMN \(rename.earlier) TO \(rename.column)"
            )
        }
        let indexes = Self.makable(missing)
        for index in indexes {
            try await connection.query(
                "CREATE INDEX IF NOT EXISTS \(index.name) ON \(index.definition)",
                within: .seconds(60)
            )
        }
        return (indexes.map(\.name) + renames.map { "\($0.table).\($0.column)" }).sorted()
    }

    /// Missing indexes whose table is there.
    private static func makable(_ missing: Set<String>) -> [(name: String, definition: String)] {
        Schema.indexes.filter { index in
            missing.contains(index.name) && !missing.contains(String(index.definition.prefix { $0 != " " }))
        }
    }

    /// Columns of a table that is gone are not told one by one.
    private func missingColumns() async throws -> [String] {
        let wanted = Schema.columns.flatMap { table, columns in columns.map { (table, $0) } }
        return try await connection.query(
            """
            SELECT t || '.' || c AS name FROM unnest($1::text[], $2::text[]) AS wanted (t, c)
            WHERE to_regclass('public.' || t) IS NOT NULL AND NOT EXISTS (
              SELECT FROM pg_attribute WHERE attrelid = to_regclass('public.' || t) AND attname = c AND NOT attisdropped)
            """,
            [.textArray(wanted.map(\.0)), .textArray(wanted.map(\.1))]
        ).map { try $0.string("name") }
    }

    /// Renames of which the database has the earlier name, and not the later one.
    private func halfRenamed() async throws -> [(table: String, column: String, earlier: String)] {
        var found: [(table: String, column: String, earlier: String)] = []
        for rename in Schema.renamed {
            let names = try await connection.query(
                """
                SELECT attname::text AS name FROM pg_attribute
                WHERE attrelid = to_regclass('public.' || $1) AND attname IN ($2, $3) AND NOT attisdropped
                """,
                [.text(rename.table), .text(rename.column), .text(rename.earlier)]
            ).map { try $0.string("name") }
            if names == [rename.earlier] { found.append(rename) }
        }
        return found
    }
}
