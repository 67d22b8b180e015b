import OpsModel
import OpsPostgres
import OpsRuntime
import OpsSystem

/// A session that stops in mid-transaction and keeps the rows or the table that others want.
///
/// It looks like one of the shop's own sessions and says nothing after its statement, because each statement would start the
/// server's idle time-out anew: that time-out is the lease, kept by the database itself.
final class DatabaseLock: Fault {
    static let description = FaultDescription(
        kind: .databaseLock,
        path: "/break/db/lock",
        title: "A session stops in mid-transaction and holds locks that writers wait for.",
        persistence: .held,
        targets: ["postgres"],
        parameters: [
            Parameter(name: "mode", kind: .choice(["row", "table"]), fallback: "row", help: "what is held"),
            Parameter(
                name: "as",
                kind: .choice(["culprit", "operator-shell"]),
                fallback: "culprit",
                help: "whose session it is: the component bound to the role culprit, or a person's shell"
            ),
            Parameter(
                name: "table",
                kind: .name,
                fallback: nil,
                help: "one of the topology's state.rows.tables; without it the last of them, which writers contend for"
            ),
            Parameter(name: "hot", kind: .flag, fallback: true, help: "all rows, or only the last tenth of them"),
        ],
        yieldsTo: ["the end of its session"],
        unit: "rows",
        mechanism: "a session in the server that holds row or table locks, idle in its transaction",
        signs: ["pg.blockers", "pg.root_blocker", "pool.waiting"]
    )

    private let setting: FaultSetting
    private var session: SynchronousPostgresConnection?
    private var isTable: Bool { self.setting.parameters.text("mode") == "table" }

    init(_ setting: FaultSetting) { self.setting = setting }

    func plan() throws(ChaosError) -> Blueprint {
        let access = try self.setting.database()
        let table = self.table
        guard self.setting.access.tables.contains(table) else {
            throw ChaosError(
                .badParameter,
                "table: \(table) is not in the topology's state.rows",
                hint: "choose from \(self.setting.access.tables.joined(separator: ", "))"
            )
        }
        let administrator = try access.administrator(as: access.admin)
        defer { administrator.close() }
        try self.checkRights(administrator, on: table)
        let resource = SharedResource.sessions(of: self.setting.access.component)
        let change = SessionChange(access: access, role: self.role, clientName: self.clientName)
        return Blueprint(
            resource: resource,
            effects: [Effect(resource: resource, token: self.setting.token, change: .session(change))],
            requested: nil
        )
    }

    func apply() throws(ChaosError) -> Double? {
        let session = try self.setting.database().culprit(self.role, as: self.clientName, options: self.options)
        self.session = session
        for attempt in 1...3 {
            do throws(ChaosError) { return try self.lock(session) } catch {
                // A deadlock with the system's own writers is theirs to win; the next try is in another order of events.
                guard attempt < 3, error.message.contains("40P01") || error.message.contains("55P03") else {
                    throw error
                }
                try asking { () throws(PostgresError) in _ = try session.query("ROLLBACK") }
            }
        }
        return nil
    }

    func look() throws(ChaosError) -> Presence { self.session?.isAlive() == true ? .present : .released }

    func release() {
        self.session?.close()
        self.session = nil
    }

    private func lock(_ session: SynchronousPostgresConnection) throws(ChaosError) -> Double {
        let table = self.table
        return try asking { () throws(PostgresError) in
            let key = try Self.key(of: table, session)
            try session.query("BEGIN")
            if self.isTable {
                try session.query("LOCK TABLE \(table) IN EXCLUSIVE MODE")
                return 1
            }
            let rows =
                self.setting.parameters.flag("hot")
                ? "SELECT \(key) FROM \(table) ORDER BY \(key) FOR UPDATE"
                : "SELECT \(key) FROM \(table) ORDER BY \(key) DESC LIMIT (SELECT count(*) / 10 + 1 FROM \(table)) FOR UPDATE"
            return Double(try session.query(rows, within: .seconds(4)).count)
        }
    }

    private static func key(of table: String, _ session: SynchronousPostgresConnection) throws(PostgresError) -> String
    {
        let rows = try session.query(
            """
            SELECT quote_ident(a.attname) AS name FROM pg_index i
            JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
            WHERE i.indrelid = $1::regclass AND i.indisprimary
            """,
            [.text(table)]
        )
        return try rows.only().string("name")
    }

    /// The undo has to be possible before the effect is.
    private func checkRights(_ administrator: SynchronousPostgresConnection, on table: String) throws(ChaosError) {
        let row = try asking { () throws(PostgresError) in
            try administrator.query(
                """
                SELECT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS can_end,
                       EXISTS (SELECT FROM pg_roles WHERE rolname = $1 AND rolcanlogin) AS can_login,
                       to_regclass($2) IS NOT NULL AS has_table
                """,
                [.text(self.role), .text(table)]
            ).only()
        }
        guard row["can_end"] == "t" else {
            throw ChaosError(.undoImpossible, "the administrator of the database may not end other sessions")
        }
        guard row["can_login"] == "t", row["has_table"] == "t" else {
            throw ChaosError(.badTarget, "role \(self.role) or table \(table) does not exist in the database")
        }
    }

    private var table: String {
        let named = self.setting.parameters.text("table")
        return named.isEmpty ? self.setting.access.tables.last ?? "" : named
    }

    private var isShell: Bool { self.setting.parameters.text("as") == "operator-shell" }
    private var role: String { self.isShell ? "operator" : self.setting.culprit }

    private var clientName: String {
        self.isShell ? self.setting.clientName("psql") : self.setting.clientName(ofProgram: self.role)
    }

    private var options: [String: String] {
        let lease = Int(self.setting.leaseS * 1_000)
        return [
            "idle_in_transaction_session_timeout": "\(lease)", "idle_session_timeout": "\(lease)",
            "client_connection_check_interval": "500ms", "lock_timeout": "3000",
            "statement_timeout": "\(min(lease, 4_000))",
        ]
    }
}
