import OpsModel
import OpsPostgres
import OpsTrust

/// Reads tables as one transaction sees them; waits for nobody's lock longer than half a second, and holds up no writer.
struct SnapshotReader: Sendable {
    /// What was read: the rows of each table as lines of JSON.
    struct Reading: Sendable {
        var database: String
        var schema: Int?
        var copies: [TableCopy] = []
        var rows: [String: [UInt8]] = [:]
    }

    /// What a single table may take in the database.
    static let largest = 32 << 20

    let connection: PostgresConnection

    /// The tables that are there, not too large and of a kind that could be made again just as they are.
    func read(_ names: [String]) async throws -> Reading {
        try await connection.transaction(isolation: .repeatableRead) { connection in
            try await connection.execute(script: SnapshotSQL.begin)
            var reading = Reading(
                database: try await connection.query(SnapshotSQL.database).only().string("number"),
                schema: try await Self.schema(on: connection)
            )
            for name in names {
                guard let (copy, rows) = try await table(name) else { continue }
                reading.copies.append(copy)
                reading.rows[name] = rows
            }
            return reading
        }
    }

    /// The newest step of the schema that was applied with all before it; nil without a version table.
    static func schema(on connection: PostgresConnection) async throws -> Int? {
        let found = try await connection.query("SELECT to_regclass('public.schema_migrations')::text AS name").only()
        guard found["name"] != nil else { return nil }
        let steps = "SELECT number, row_number() OVER (ORDER BY number) AS place FROM public.schema_migrations"
        let reached = "SELECT max(number) AS step FROM (\(steps)) AS steps WHERE number = place"
        return try await connection.query(reached).only().optionalInt("step")
    }

    /// The columns of a table as `CREATE TABLE` has them; none of one that is gone.
    static func columns(of place: String, on connection: PostgresConnection) async throws -> [TableCopy.Column] {
        try await connection.query(SnapshotSQL.columns, [.text(place)]).map {
            TableCopy.Column(
                name: try $0.string("name"),
                definition: try $0.string("definition"),
                isIdentity: try $0.bool("is_identity")
            )
        }
    }

    private func table(_ name: String) async throws -> (TableCopy, [UInt8])? {
        let place = RestorationSite.place(of: name)
        let found = try await connection.query(SnapshotSQL.table, [.text(place)])
        guard let head = found.first, try head.int("bytes") <= Self.largest else { return nil }
        let rows = try await connection.query(
            "SELECT row_to_json(t)::text AS row FROM \(place) t",
            within: .seconds(10)
        )
        var lines: [UInt8] = []
        for row in rows { lines += Array(try row.string("row").utf8) + [UInt8(ascii: "\n")] }
        let copy = TableCopy(
            name: name,
            owner: try head.string("owner"),
            columns: try await Self.columns(of: place, on: connection),
            key: try head.strings("key"),
            options: try head.strings("options"),
            constraints: try await constraints(SnapshotSQL.constraints, place),
            incoming: try await constraints(SnapshotSQL.incoming, place),
            statements: try await connection.query(SnapshotSQL.statements, [.text(place)]).map {
                try $0.string("statement")
            },
            rows: rows.count,
            writes: TableWrites(added: try head.int("added"), changed: try head.int("changed")),
            digest: Digest.sha256(lines).hex
        )
        return (copy, lines)
    }

    private func constraints(_ sql: String, _ place: String) async throws -> [TableCopy.Constraint] {
        try await connection.query(sql, [.text(place)]).map {
            TableCopy.Constraint(
                table: try $0.string("table"),
                name: try $0.string("name"),
                kind: try $0.string("kind"),
                definition: try $0.string("definition")
            )
        }
    }
}
