import OpsModel
import OpsPostgres
import OpsRuntime

/// An index that is gone.
///
/// Its definition is what the server itself gave for it, so no row is read or lost either way.
struct IndexChange: Codable, Hashable, Sendable, Reversible {
    var access: PostgresAccess
    var index: String
    /// The statement that makes it again.
    var definition: String
    /// The holder's own sessions: they must be gone before anything is compared.
    var clientName: String

    var before: Fingerprint { Self.fingerprint(self.definition) }
    var ours: Fingerprint { Self.fingerprint(nil) }
    var mark: FaultMark { FaultMark(.index, self.index) }
    var undoing: String { "the index is made again, if there is none of its name" }
    var dependence: Dependence { .needsTarget }

    static func fingerprint(_ definition: String?) -> Fingerprint { .of(definition ?? "no index") }

    /// Migrations wait from reading the state to the commit that makes the index again.
    func compareAndRevert(
        _ decide: (Fingerprint?) -> CompareAndRevert.Decision
    ) throws(ChaosError) -> EffectOutcome {
        let connection = try self.access.administrator(as: self.access.admin)
        defer { connection.close() }
        try connection.endSessions(called: self.clientName)
        switch decide(Self.fingerprint(try self.lockedDefinition(connection))) {
        case .leaveClean: return .alreadyClean
        case .leaveSuperseded(let seen): return .superseded(seen: seen)
        case .retry: return .pending(waitsFor: "the database")
        case .restore:
            try asking { () throws(PostgresError) in
                try connection.query(self.definition)
                try connection.query("COMMIT")
            }
            return .reverted
        }
    }

    /// Drops exactly the index that was planned for.
    func apply(_ connection: SynchronousPostgresConnection) throws(ChaosError) {
        guard try self.lockedDefinition(connection) == self.definition else {
            throw ChaosError(.conflict, "the index \(self.index) changed meanwhile", hint: "ask again")
        }
        try asking { () throws(PostgresError) in
            let statement = try connection.query(
                "SELECT format('DROP INDEX public.%I', $1::text) AS statement",
                [.text(self.index)]
            ).only().string("statement")
            try connection.query(statement)
            try connection.query("COMMIT")
        }
    }

    /// The definition as it is, held still until the transaction that this begins is over.
    private func lockedDefinition(_ connection: SynchronousPostgresConnection) throws(ChaosError) -> String? {
        try asking { () throws(PostgresError) in
            try connection.query("BEGIN")
            // What migrations themselves hold while they work.
            try connection.query("SELECT pg_advisory_xact_lock(hashtext('migrate public'))")
            return try Self.definition(of: self.index, connection)
        }
    }

    /// What has the name: an index, by the statement that makes it, or something else; nil without either.
    static func definition(
        of index: String,
        _ connection: SynchronousPostgresConnection
    ) throws(PostgresError) -> String? {
        try connection.query(
            """
            SELECT CASE WHEN relkind = 'i' THEN pg_get_indexdef(oid) ELSE 'no plain index' END AS definition
            FROM pg_class WHERE oid = to_regclass('public.' || quote_ident($1))
            """,
            [.text(index)]
        ).first?["definition"]
    }

    /// Whether an index is there for speed alone: one that is unique or part of a constraint is another matter.
    static func isForSpeed(
        _ index: String,
        _ connection: SynchronousPostgresConnection
    ) throws(PostgresError) -> Bool {
        try !connection.query(
            """
            SELECT FROM pg_index WHERE indexrelid = to_regclass('public.' || quote_ident($1)) AND indisvalid
              AND NOT (indisunique OR indisexclusion OR indisclustered OR indisreplident)
            """,
            [.text(index)]
        ).isEmpty
    }
}
