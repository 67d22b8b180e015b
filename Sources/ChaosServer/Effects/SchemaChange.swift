import OpsModel
import OpsPostgres
import OpsRuntime

/// A column that has the name of an earlier step of its schema again, with or without that step's row in the version table.
///
/// Only names change, so no row is lost either way.
struct SchemaChange: Codable, Hashable, Sendable, Reversible {
    /// A row of the version table, as it was.
    struct Step: Codable, Hashable, Sendable {
        var number: Int
        var name: String
        var checksum: String
        var appliedAt: String
        var appliedBy: String
    }

    /// What of the schema is compared.
    struct State: Hashable, Sendable {
        var columns: [String]
        /// When the step's row was written; nil without such a row.
        var appliedAt: String?

        var fingerprint: Fingerprint { .of("\(self.columns.joined(separator: " ")) \(self.appliedAt ?? "never")") }
    }

    var access: PostgresAccess
    var table: String
    /// The name that the programs know.
    var column: String
    /// The name before the step.
    var earlier: String
    var step: Step
    /// Whether the step's row goes as well, as when it is taken back.
    var takesRow: Bool
    /// The holder's own sessions: they must be gone before anything is compared.
    var clientName: String

    var oldState: State { State(columns: [self.column], appliedAt: self.step.appliedAt) }
    var newState: State { State(columns: [self.earlier], appliedAt: self.takesRow ? nil : self.step.appliedAt) }

    var before: Fingerprint { self.oldState.fingerprint }
    var ours: Fingerprint { self.newState.fingerprint }
    var mark: FaultMark {
        FaultMark(.column, "\(self.table).\(self.column)", fingerprint: self.ours.rawValue)
    }
    var undoing: String {
        "the column gets its name back, and the version table its row, if both are as the fault left them"
    }
    var dependence: Dependence { .needsTarget }

    /// Migrations wait, and the table is locked, from reading the state to the commit that takes it back.
    func compareAndRevert(
        _ decide: (Fingerprint?) -> CompareAndRevert.Decision
    ) throws(ChaosError) -> EffectOutcome {
        let connection = try self.access.administrator(as: self.access.admin)
        defer { connection.close() }
        try connection.endSessions(called: self.clientName)
        switch decide(try self.lockedState(connection).fingerprint) {
        case .leaveClean: return .alreadyClean
        case .leaveSuperseded(let seen): return .superseded(seen: seen)
        case .retry: return .pending(waitsFor: "the database")
        case .restore:
            try asking { () throws(PostgresError) in
                try self.rename(self.earlier, to: self.column, connection)
                if self.takesRow { try self.putRow(connection) }
                _ = try connection.query("COMMIT")
            }
            return .reverted
        }
    }

    /// Changes exactly the state that was planned for.
    func apply(_ connection: SynchronousPostgresConnection) throws(ChaosError) {
        guard try self.lockedState(connection) == self.oldState else {
            throw ChaosError(.conflict, "the schema of \(self.table) changed meanwhile", hint: "ask again")
        }
        try asking { () throws(PostgresError) in
            try self.rename(self.column, to: self.earlier, connection)
            if self.takesRow {
                _ = try connection.query(
                    "DELETE FROM public.schema_migrations WHERE number = $1",
                    [.int(self.step.number)]
                )
            }
            _ = try connection.query("COMMIT")
        }
    }

    /// The state as it is, held still until the transaction that this begins is over.
    private func lockedState(_ connection: SynchronousPostgresConnection) throws(ChaosError) -> State {
        try asking { () throws(PostgresError) in
            try connection.query("BEGIN")
            // What migrations themselves hold while they work.
            try connection.query("SELECT pg_advisory_xact_lock(hashtext('migrate public'))")
            return try self.state(connection)
        }
    }

    /// Which of the two names the table has, and the step's row.
    func state(_ connection: SynchronousPostgresConnection) throws(PostgresError) -> State {
        let columns = try connection.query(
            """
            SELECT attname::text AS name FROM pg_attribute
            WHERE attrelid = to_regclass('public.' || quote_ident($1)) AND attname IN ($2, $3) AND NOT attisdropped
            ORDER BY 1
            """,
            [.text(self.table), .text(self.column), .text(self.earlier)]
        ).compactMap { $0["name"] }
        return State(columns: columns, appliedAt: try Self.step(self.step.name, connection)?.appliedAt)
    }

    /// The row of a step, by its name, in which hyphens may stand for spaces; nil without one, or without a version table.
    static func step(
        _ name: String,
        _ connection: SynchronousPostgresConnection
    ) throws(PostgresError) -> Step? {
        let table = try connection.query("SELECT to_regclass('public.schema_migrations')::text AS name").only()
        guard table["name"] != nil else { return nil }
        let rows = try connection.query(
            """
            SELECT number, name, checksum, applied_at::text AS applied_at, applied_by
            FROM public.schema_migrations WHERE replace(name, ' ', '-') = replace($1, ' ', '-')
            """,
            [.text(name)]
        )
        guard let row = rows.first else { return nil }
        return Step(
            number: try row.int("number"),
            name: try row.string("name"),
            checksum: try row.string("checksum"),
            appliedAt: try row.string("applied_at"),
            appliedBy: try row.string("applied_by")
        )
    }

    private func rename(
        _ old: String,
        to new: String,
        _ connection: SynchronousPostgresConnection
    ) throws(PostgresError) {
        let statement = try connection.query(
            "SELECT format('ALTER TABLE public.%I RENAME COLUMN %I TO %I', $1::text, $2::text, $3::text) AS statement",
            [.text(self.table), .text(old), .text(new)]
        ).only().string("statement")
        try connection.query(statement)
    }

    private func putRow(_ connection: SynchronousPostgresConnection) throws(PostgresError) {
        try connection.query(
            """
            INSERT INTO public.schema_migrations (number, name, checksum, applied_at, applied_by)
            VALUES ($1, $2, $3, $4::timestamptz, $5)
            """,
            [
                .int(self.step.number), .text(self.step.name), .text(self.step.checksum), .text(self.step.appliedAt),
                .text(self.step.appliedBy),
            ]
        )
    }
}
