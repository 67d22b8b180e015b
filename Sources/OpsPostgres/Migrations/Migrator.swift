/// Brings a schema to a version and back, one transaction for each step, never two migrators at once.
public struct Migrator: Sendable {
    /// The schema that holds the version table.
    public let schema: String
    /// The steps in order.
    public let migrations: [Migration]

    /// A migrator for the steps of one schema.
    public init(schema: String, migrations: [Migration]) {
        self.schema = schema
        self.migrations = migrations.sorted { $0.number < $1.number }
    }

    private var table: String { "\"\(schema)\".schema_migrations" }

    /// Applies every pending step and gives back those that it applied.
    @discardableResult
    public func up(_ connection: PostgresConnection) async throws -> [Migration] {
        try await locked(connection) {
            let pending = try await check(connection).filter { $0.state == .pending }.map(\.number)
            let steps = migrations.filter { pending.contains($0.number) }
            for step in steps { try await apply(step, connection) }
            return steps
        }
    }

    /// Takes back every step above `number`, the newest first, and gives back those that it took back.
    @discardableResult
    public func down(_ connection: PostgresConnection, to number: Int) async throws -> [Migration] {
        try await locked(connection) {
            let applied = try await check(connection).filter { $0.state == .applied }.map(\.number)
            let steps = migrations.reversed().filter { $0.number > number && applied.contains($0.number) }
            for step in steps { try await revert(step, connection) }
            return steps
        }
    }

    /// Applies every pending step on a connection of the pool.
    @discardableResult
    public func up(_ pool: PostgresPool) async throws -> [Migration] {
        try await pool.withConnection { try await up($0) }
    }

    /// Takes back every step above `number` on a connection of the pool.
    @discardableResult
    public func down(_ pool: PostgresPool, to number: Int) async throws -> [Migration] {
        try await pool.withConnection { try await down($0, to: number) }
    }

    /// Where every step stands; writes nothing.
    public func status(_ connection: PostgresConnection) async throws -> [MigrationStatus] {
        let exists = try await connection.query("SELECT to_regclass($1) IS NOT NULL AS found", [.text(table)]).only()
        guard try exists.bool("found") else {
            return migrations.map { .init(number: $0.number, name: $0.name, state: .pending, appliedAt: nil) }
        }
        let rows = try await connection.query(
            "SELECT number, name, checksum, applied_at::text AS applied_at FROM \(table) ORDER BY number"
        )
        return try await statuses(rows, connection)
    }

    private func statuses(_ rows: PostgresRows, _ connection: PostgresConnection) async throws -> [MigrationStatus] {
        var found = migrations.map {
            MigrationStatus(number: $0.number, name: $0.name, state: .pending, appliedAt: nil)
        }
        for row in rows {
            let number = try row.int("number")
            guard let index = migrations.firstIndex(where: { $0.number == number }) else {
                found.append(
                    .init(number: number, name: try row.string("name"), state: .unknown, appliedAt: row["applied_at"])
                )
                continue
            }
            let isSame = try await checksum(migrations[index], connection) == row.string("checksum")
            let state: MigrationStatus.State = isSame ? .applied : .drifted
            found[index] = .init(
                number: number,
                name: migrations[index].name,
                state: state,
                appliedAt: row["applied_at"]
            )
        }
        return found
    }

    /// The standings, or an error when this program and the database do not know the same history.
    private func check(_ connection: PostgresConnection) async throws -> [MigrationStatus] {
        let statuses = try await status(connection)
        if let drifted = statuses.first(where: { $0.state == .drifted }) {
            throw PostgresError(
                .migrationDrift,
                "migration \(drifted.number) (\(drifted.name)) was applied with another text; restore the text or the database"
            )
        }
        if let unknown = statuses.first(where: { $0.state == .unknown }) {
            throw PostgresError(
                .migrationUnknown,
                "the database has migration \(unknown.number) (\(unknown.name)), which this program does not know; use a newer one"
            )
        }
        return statuses
    }

    private func checksum(_ step: Migration, _ connection: PostgresConnection) async throws -> String {
        let text = "\(step.number)\n\(step.up)\n--\n\(step.down)"
        let row = try await connection.query(
            "SELECT encode(sha256(convert_to($1, 'UTF8')), 'hex') AS sum",
            [.text(text)]
        ).only()
        return try row.string("sum")
    }

    private func apply(_ step: Migration, _ connection: PostgresConnection) async throws {
        let sum = try await checksum(step, connection)
        try await connection.transaction { connection in
            try await connection.execute(script: step.up, within: .seconds(120))
            try await connection.query(
                "INSERT INTO \(table) (number, name, checksum) VALUES ($1, $2, $3)",
                [.int(step.number), .text(step.name), .text(sum)]
            )
        }
    }

    private func revert(_ step: Migration, _ connection: PostgresConnection) async throws {
        try await connection.transaction { connection in
            try await connection.execute(script: step.down, within: .seconds(120))
            try await connection.query("DELETE FROM \(table) WHERE number = $1", [.int(step.number)])
        }
    }

    /// Holds the advisory lock of this schema, so that two programs that start together do not both migrate.
    private func locked<Value>(
        _ connection: PostgresConnection,
        _ body: () async throws -> Value
    ) async throws -> Value {
        try await connection.execute(script: "SET statement_timeout = 0; SET lock_timeout = '60s'")
        try await connection.query(
            "SELECT pg_advisory_lock(hashtext($1))",
            [.text("migrate \(schema)")],
            within: .seconds(70)
        )
        do {
            try await prepare(connection)
            let value = try await body()
            try await unlock(connection)
            return value
        } catch {
            try? await unlock(connection)  // the first error is the one to tell; a dead session holds no lock
            throw error
        }
    }

    private func unlock(_ connection: PostgresConnection) async throws {
        try await connection.query("SELECT pg_advisory_unlock(hashtext($1))", [.text("migrate \(schema)")])
        try await connection.execute(script: "RESET statement_timeout; RESET lock_timeout")
    }

    private func prepare(_ connection: PostgresConnection) async throws {
        try await connection.execute(
            script: """
                CREATE SCHEMA IF NOT EXISTS "\(schema)";
                CREATE TABLE IF NOT EXISTS \(table) (
                    number integer PRIMARY KEY,
                    name text NOT NULL,
                    checksum text NOT NULL,
                    applied_at timestamptz NOT NULL DEFAULT clock_timestamp(),
                    applied_by text NOT NULL DEFAULT session_user
                );
                """
        )
    }
}
