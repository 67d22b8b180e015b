import OpsModel
import OpsPostgres
import OpsRuntime
import OpsSystem

/// A table that is gone, or empty, with its rows kept where only the database's administrator can look.
///
/// Both happen in one transaction, so that rows are kept or the table has them. What is compared is whether the kept rows are in
/// the table, by its primary key: rows that customers have added since are no repair, and rows that somebody put back are.
struct TableChange: Codable, Hashable, Sendable, Reversible {
    enum State: String, Hashable, Sendable {
        /// Nothing is kept, or all of it is in the table again.
        case whole
        /// The table is as the change leaves it, whatever rows were added since.
        case taken
        /// Another table, or a part of the rows: somebody is at it.
        case touched

        var fingerprint: Fingerprint { .of(self.rawValue) }
    }

    var access: PostgresAccess
    var table: String
    /// The database's own number of the table.
    var number: String
    /// The columns of its primary key.
    var key: [String]
    /// Gone with what refers to it, or only its rows.
    var isDropped: Bool
    var incoming: [IncomingKey]
    /// The schema in which the rows are kept.
    var aside: String
    /// The holder's own sessions: they must be gone before anything is compared.
    var clientName: String

    var before: Fingerprint { State.whole.fingerprint }
    var ours: Fingerprint { State.taken.fingerprint }
    var mark: FaultMark { FaultMark(.table, "\(self.aside).\(self.table)") }
    var undoing: String {
        "the rows come back from where they are kept, if the table is still \(self.isDropped ? "gone" : "without them")"
    }
    var dependence: Dependence { .needsTarget }

    var place: String { "public.\(Self.quoted(self.table))" }
    var kept: String { "\(Self.quoted(self.aside)).\(Self.quoted(self.table))" }

    /// The table is locked from looking at it to the commit that puts it back; one that is gone cannot come back meanwhile,
    /// since its name is taken in the same transaction.
    func compareAndRevert(
        _ decide: (Fingerprint?) -> CompareAndRevert.Decision
    ) throws(ChaosError) -> EffectOutcome {
        let connection = try self.access.administrator(as: self.access.admin)
        defer { connection.close() }
        try connection.endSessions(called: self.clientName)
        switch decide(try self.lockedState(connection).fingerprint) {
        case .leaveClean:
            try asking { () throws(PostgresError) in try self.forget(connection) }
            return .alreadyClean
        case .leaveSuperseded(let seen): return .superseded(seen: seen)
        case .retry: return .pending(waitsFor: "the database")
        case .restore:
            try asking { () throws(PostgresError) in
                if self.isDropped { try self.putBack(connection) } else { try self.fill(connection) }
                try self.forget(connection)
            }
            return .reverted
        }
    }

    /// Changes only the very table that was planned for.
    ///
    /// Customers lock these tables in another order: who waits for them lets go soon, and tries again.
    func apply(_ connection: SynchronousPostgresConnection) throws(ChaosError) {
        for _ in 0..<10 {
            do throws(ChaosError) { return try self.attempt(connection) } catch {
                guard error.code == .busy else { throw error }
            }
            try asking { () throws(PostgresError) in _ = try connection.query("ROLLBACK") }
            _ = Descriptors.ready([], milliseconds: 50)
        }
        throw ChaosError(.busy, "\(self.table) is locked by others all the time", hint: "ask again")
    }

    /// Has the server count what is left, as it would itself within a minute; it may be too busy to.
    func tidy(_ connection: SynchronousPostgresConnection) {
        guard !self.isDropped else { return }
        _ = try? connection.query("VACUUM \(self.place)")
    }

    private func attempt(_ connection: SynchronousPostgresConnection) throws(ChaosError) {
        guard try self.lockedState(connection, within: "200ms") == .whole,
            try asking({ () throws(PostgresError) in try self.liveNumber(connection) }) == self.number
        else { throw ChaosError(.conflict, "\(self.table) changed meanwhile", hint: "ask again") }
        try asking { () throws(PostgresError) in
            try connection.query("CREATE SCHEMA \(Self.quoted(self.aside))")
            if self.isDropped {
                for key in self.incoming { try key.detach(connection) }
                try connection.query("ALTER TABLE \(self.place) SET SCHEMA \(Self.quoted(self.aside))")
            } else {
                try connection.query("CREATE TABLE \(self.kept) AS TABLE \(self.place)")
                // As a bulk load does that turns checks off: rows that refer to these stay.
                try connection.query("SET LOCAL session_replication_role = replica")
                try connection.query("DELETE FROM \(self.place)")
            }
            _ = try connection.query("COMMIT")
        }
    }

    private func lockedState(
        _ connection: SynchronousPostgresConnection,
        within limit: String = "2500ms"
    ) throws(ChaosError) -> State {
        try asking { () throws(PostgresError) in
            try connection.query("BEGIN")
            try connection.query("SET LOCAL search_path = public")
            try connection.query("SET LOCAL lock_timeout = '\(limit)'")
            if try self.liveNumber(connection) != nil {
                try connection.query("LOCK TABLE \(self.place) IN ACCESS EXCLUSIVE MODE")
            }
            return try self.state(connection)
        }
    }

    /// What is to be seen of the table and of the rows that are kept; waits for nobody.
    func state(_ connection: SynchronousPostgresConnection) throws(PostgresError) -> State {
        let live = try self.liveNumber(connection)
        let kept = try connection.query("SELECT to_regclass($1)::text AS name", [.text(self.kept)]).only()
        guard kept["name"] != nil else { return live == nil ? .touched : .whole }
        guard let live else { return self.isDropped ? .taken : .touched }
        guard try self.hasKey(connection) else { return .touched }
        // As texts: whoever made the table anew may have given the key another type.
        let isSame = self.key.map { "live.\(Self.quoted($0))::text = kept.\(Self.quoted($0))::text" }
        let rows = try connection.query(
            """
            SELECT count(*)::int AS kept, count(*) FILTER (WHERE EXISTS
              (SELECT FROM \(self.place) live WHERE \(isSame.joined(separator: " AND "))))::int AS back
            FROM \(self.kept) kept
            """
        ).only()
        let back = try rows.int("back")
        if back == (try rows.int("kept")) { return .whole }
        return back == 0 && !self.isDropped && live == self.number ? .taken : .touched
    }

    private func liveNumber(_ connection: SynchronousPostgresConnection) throws(PostgresError) -> String? {
        try connection.query("SELECT to_regclass($1)::oid::text AS number", [.text(self.place)]).only()["number"]
    }

    private func hasKey(_ connection: SynchronousPostgresConnection) throws(PostgresError) -> Bool {
        let found = try connection.query(
            """
            SELECT FROM pg_attribute WHERE attrelid = to_regclass($1) AND attname = ANY ($2::text[]) AND NOT attisdropped
            """,
            [.text(self.place), .textArray(self.key)]
        )
        return found.count == self.key.count
    }

    private func putBack(_ connection: SynchronousPostgresConnection) throws(PostgresError) {
        try connection.query("ALTER TABLE \(self.kept) SET SCHEMA public")
        for key in self.incoming { try key.attach(connection) }
    }

    /// A row that meanwhile has taken the place of a kept one stays.
    private func fill(_ connection: SynchronousPostgresConnection) throws(PostgresError) {
        try connection.query("SET LOCAL session_replication_role = replica")
        try connection.query(
            "INSERT INTO \(self.place) OVERRIDING SYSTEM VALUE SELECT * FROM \(self.kept) ON CONFLICT DO NOTHING"
        )
    }

    private func forget(_ connection: SynchronousPostgresConnection) throws(PostgresError) {
        try connection.query("DROP SCHEMA IF EXISTS \(Self.quoted(self.aside)) CASCADE")
        try connection.query("COMMIT")
    }

    static func quoted(_ name: String) -> String { "\"\(name.replacing("\"", with: "\"\""))\"" }
}
