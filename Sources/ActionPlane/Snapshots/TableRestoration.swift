import OpsPostgres

/// Brings the rows of a snapshot back: into a schema of its own first, and from there in one transaction.
///
/// A table that is gone is put in its old place, with its keys, indexes, rights and what others refer to. One that is there
/// keeps every row that it has, and gets those that are missing.
struct TableRestoration: Sendable {
    let copy: TableCopy
    let site: RestorationSite

    private var names: String { copy.columns.map { RestorationSite.quoted($0.name) }.joined(separator: ", ") }

    /// How many of a snapshot's rows the table lacks, by its primary key.
    func missing(_ rows: [String], on connection: PostgresConnection) async throws -> Int {
        let isSame = copy.key.map { "live.\(RestorationSite.quoted($0)) = kept.\(RestorationSite.quoted($0))" }
        var count = 0
        for part in Self.parts(rows) {
            count += try await connection.query(
                """
                SELECT count(*)::int AS n FROM jsonb_populate_recordset(NULL::\(site.place), $1::jsonb) kept
                WHERE NOT EXISTS (SELECT FROM \(site.place) live WHERE \(isSame.joined(separator: " AND ")))
                """,
                [.text(part)]
            ).only().int("n")
        }
        return count
    }

    /// One transaction: the copy is there with all its rows and keys, or not at all.
    func load(_ rows: [String], on connection: PostgresConnection) async throws {
        try await site.clear(on: connection)
        let options = copy.options.isEmpty ? "" : " WITH (\(copy.options.joined(separator: ", ")))"
        let columns = copy.columns.map(\.definition).joined(separator: ", ")
        try await connection.transaction { connection in
            try await connection.execute(
                script: """
                    CREATE SCHEMA \(site.schema); SET LOCAL search_path = public;
                    CREATE TABLE \(site.staged) (\(columns))\(options)
                    """
            )
            for part in Self.parts(rows) {
                try await connection.query(
                    """
                    INSERT INTO \(site.staged) (\(names)) OVERRIDING SYSTEM VALUE
                    SELECT \(names) FROM jsonb_populate_recordset(NULL::\(site.staged), $1::jsonb)
                    """,
                    [.text(part)]
                )
            }
            for constraint in copy.constraints where constraint.kind != "f" {
                try await add(constraint, to: site.staged, on: connection)
            }
            let count = try await connection.query("SELECT count(*)::int AS n FROM \(site.staged)").only().int("n")
            guard count == copy.rows else {
                throw ActionError(.effectFailed, "\(count) of the snapshot's \(copy.rows) rows came out of it")
            }
        }
    }

    /// One transaction, and only if the table is the one of the plan, or still gone.
    ///
    /// Customers lock these tables in another order: who waits for them lets go soon, and tries again.
    func swap(planned number: String?, on connection: PostgresConnection) async throws {
        for attempt in 1... {
            do {
                return try await connection.transaction { try await attemptSwap(planned: number, on: $0) }
            } catch let error as PostgresError where ["55P03", "40P01"].contains(error.sqlState) && attempt < 10 {
                try await Task.sleep(for: .milliseconds(100))
            }
        }
    }

    private func attemptSwap(planned number: String?, on connection: PostgresConnection) async throws {
        try await connection.execute(script: "SET LOCAL search_path = public; SET LOCAL lock_timeout = '500ms'")
        if number != nil {
            try await connection.execute(script: "LOCK TABLE \(site.place) IN SHARE ROW EXCLUSIVE MODE")
        }
        guard try await site.number(on: connection) == number else {
            throw ActionError(.factsDrifted, "another table is there by now")
        }
        if number == nil { try await putInPlace(on: connection) } else { try await fill(on: connection) }
        for column in copy.columns where column.isIdentity { try await advance(column, on: connection) }
    }

    private func fill(on connection: PostgresConnection) async throws {
        try await connection.execute(
            script: """
                INSERT INTO \(site.place) (\(names)) OVERRIDING SYSTEM VALUE SELECT \(names) FROM \(site.staged)
                ON CONFLICT DO NOTHING;
                DROP TABLE \(site.staged)
                """
        )
    }

    private func putInPlace(on connection: PostgresConnection) async throws {
        let owner = RestorationSite.quoted(copy.owner)
        try await connection.execute(
            script: "ALTER TABLE \(site.staged) SET SCHEMA public; ALTER TABLE \(site.place) OWNER TO \(owner)"
        )
        for constraint in copy.constraints where constraint.kind == "f" {
            try await refer(constraint, from: site.place, on: connection)
        }
        for constraint in copy.incoming { try await refer(constraint, from: constraint.table, on: connection) }
        for statement in copy.statements { try await connection.execute(script: statement) }
    }

    /// Left out where it is there; rows that refer to lost ones stay, and then only new ones are checked.
    private func refer(
        _ constraint: TableCopy.Constraint,
        from table: String,
        on connection: PostgresConnection
    ) async throws {
        let place = try await connection.query(
            """
            SELECT to_regclass($1) IS NOT NULL AND NOT EXISTS (
              SELECT FROM pg_constraint WHERE conrelid = to_regclass($1) AND conname = $2) AS is_free
            """,
            [.text(table), .text(constraint.name)]
        ).only()
        guard try place.bool("is_free") else { return }
        try await connection.execute(script: "SAVEPOINT reference")
        do {
            try await add(constraint, to: table, on: connection)
        } catch let error as PostgresError where error.sqlState == "23503" {
            try await connection.execute(script: "ROLLBACK TO SAVEPOINT reference")
            try await add(constraint, to: table, "NOT VALID", on: connection)
        }
    }

    private func add(
        _ constraint: TableCopy.Constraint,
        to place: String,
        _ mode: String = "",
        on connection: PostgresConnection
    ) async throws {
        let name = RestorationSite.quoted(constraint.name)
        try await connection.execute(
            script: "ALTER TABLE \(place) ADD CONSTRAINT \(name) \(constraint.definition) \(mode)"
        )
    }

    /// New rows get numbers after the largest that is there or was ever given.
    private func advance(_ column: TableCopy.Column, on connection: PostgresConnection) async throws {
        let name = RestorationSite.quoted(column.name)
        try await connection.query(
            """
            SELECT setval(numbers, greatest(max(t.\(name)), 1, pg_sequence_last_value(numbers)))
            FROM pg_get_serial_sequence($1, $2) AS found, LATERAL (SELECT found::regclass AS numbers) AS named, \(site.place) AS t
            GROUP BY numbers
            """,
            [.text(site.place), .text(column.name)]
        )
    }

    /// Arrays of JSON, none so large that one statement would take long.
    private static func parts(_ rows: [String]) -> [String] {
        stride(from: 0, to: rows.count, by: 500).map { start in
            "[" + rows[start..<min(start + 500, rows.count)].joined(separator: ",") + "]"
        }
    }
}
