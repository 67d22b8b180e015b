import OpsModel
import OpsPostgres
import OpsRuntime
import OpsSpec
import OpsSystem
import OpsTrust

/// What the census reads from the target's database, as its administrator.
extension WorldCensus {
    /// Sessions that somebody ended, since the database's statistics began.
    func sessionsKilled() async throws -> Int {
        guard let connection = try await connect() else { return 0 }
        defer { connection.close() }
        return try await Self.sessionsKilled(connection)
    }

    /// Roles that the database does not let in with the password that their component has.
    func lockedOut() async throws -> [String] {
        guard let database = lab.bindings.database else { return [] }
        var roles: [String] = []
        for source in lab.topology.config {
            guard let path = lab.bindings.config[source.name]?.path else { continue }
            let settings = try EnvironmentFile(path: path)
            for secret in source.secrets {
                guard let role = secret.role, let password = settings[secret.key] else { continue }
                let configuration = PostgresConfiguration(
                    host: lab.record.outside(host: database.host),
                    port: lab.record.outside(databasePort: database.port),
                    user: role,
                    password: password,
                    database: database.database,
                    applicationName: "psql"
                )
                do { try await PostgresConnection.connect(configuration).close() } catch { roles.append(role) }
            }
        }
        return roles
    }

    private func connect() async throws -> PostgresConnection? {
        guard let database = lab.bindings.database else { return nil }
        return try await PostgresConnection.connect(database.administration())
    }

    func readDatabase(into snapshot: inout WorldSnapshot, _ marks: [FaultMark]) async throws {
        guard let connection = try await connect() else { return }
        defer { connection.close() }
        for row in try await connection.query(
            "SELECT rolname, rolpassword FROM pg_authid WHERE rolpassword IS NOT NULL"
        ) {
            snapshot.verifiers[try row.string("rolname")] = Digest.sha256(try row.string("rolpassword")).hex
        }
        let idle = """
            SELECT usename || ' ' || pid AS who FROM pg_stat_activity
            WHERE state = 'idle in transaction' AND now() - state_change > interval '3 s'
            """
        snapshot.idleInTransaction = try await connection.query(idle).map { try $0.string("who") }
        let settings =
            "SELECT setdatabase || ' ' || setrole || ' ' || array_to_string(setconfig, ',') AS s FROM pg_db_role_setting"
        snapshot.settings = try await connection.query(settings).map { try $0.string("s") }.sorted()
        snapshot.flags = try await flags(connection)
        snapshot.columns = try await connection.query(Self.columns).map { try $0.string("name") }
        snapshot.indexes = try await connection.query(Self.indexes).map { try $0.string("name") }
        snapshot.sessionsKilled = try await Self.sessionsKilled(connection)
        for mark in marks {
            switch mark.kind {
            case .session:
                let left = try await connection.query(
                    "SELECT pid FROM pg_stat_activity WHERE application_name = $1",
                    [.text(mark.subject)]
                )
                if !left.isEmpty { snapshot.traces.append("\(left.count) sessions of the fault are open") }
            case .verifier where snapshot.verifiers[mark.subject] == mark.fingerprint:
                snapshot.traces.append("role \(mark.subject) has the fault's password")
            case .setting:
                let live = try await connection.query(DatabaseSettingSQL.read, [.textArray([mark.subject])])
                guard let value = live.first?["value"], Digest.sha256(value).hex == mark.fingerprint else { continue }
                snapshot.traces.append("the database has the fault's \(mark.subject)")
            case .flag where snapshot.flags[mark.subject].map({ Digest.sha256($0).hex }) == mark.fingerprint:
                snapshot.traces.append("the flag \(mark.subject) has the fault's value")
            case .column where !snapshot.columns.contains { $0.hasPrefix("\(mark.subject) ") }:
                snapshot.traces.append("the column \(mark.subject) has another name")
            case .index where !snapshot.indexes.contains(mark.subject):
                snapshot.traces.append("the index \(mark.subject) is gone")
            case .job:
                guard let id = Int(mark.subject), try await isQueued(id, mark.fingerprint, connection) else { continue }
                snapshot.traces.append("job \(id) of the fault waits in the queue")
            case .table:
                if let trace = try await lostRows(mark.subject, connection) { snapshot.traces.append(trace) }
            default: continue
            }
        }
    }

    /// Turns flags on that the story takes for granted, before the world is looked at for the first time.
    func turnOn(_ flags: [String]) async throws {
        guard !flags.isEmpty, let place = lab.topology.state.flags, let connection = try await connect() else { return }
        defer { connection.close() }
        let sql = FlagSQL(table: place.table)
        for flag in flags {
            let value = FlagValue(isEnabled: true, at: .now(), by: "operator")
            _ = try await connection.query(sql.write, [.text(flag)] + value.arguments.map { PostgresValue.text($0) })
        }
    }

    private func flags(_ connection: PostgresConnection) async throws -> [String: String] {
        guard let place = lab.topology.state.flags else { return [:] }
        let rows = try await connection.query(FlagSQL(table: place.table).all)
        let flags = rows.map { row in (row["name"] ?? "", FlagValue { row[$0] }.map { "\($0)" } ?? "") }
        return Dictionary(flags) { first, _ in first }
    }

    /// What a fault has left of a table, `kept` being where it had put the rows.
    private func lostRows(_ kept: String, _ connection: PostgresConnection) async throws -> String? {
        let table = String(kept.drop { $0 != "." }.dropFirst())
        let found = try await connection.query(
            "SELECT to_regclass($1)::text AS kept, to_regclass('public.' || quote_ident($2))::text AS live",
            [.text(kept), .text(table)]
        ).only()
        if found["kept"] != nil { return "the fault keeps rows of \(table)" }
        guard let live = found["live"] else { return "the table \(table) is gone" }
        return try await connection.query("SELECT FROM \(live) LIMIT 1").isEmpty ? "the table \(table) is empty" : nil
    }

    private static let columns = """
        SELECT table_name || '.' || column_name || ' ' || data_type AS name FROM information_schema.columns
        WHERE table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 1
        """

    private static let indexes = "SELECT indexname AS name FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1"

    /// Whether a job is in the queue with the content that was left there.
    private func isQueued(_ id: Int, _ fingerprint: String?, _ connection: PostgresConnection) async throws -> Bool {
        guard let jobs = lab.topology.state.jobs, let quarantine = lab.topology.state.quarantine else { return false }
        let tables = JobTables(queue: jobs.table, quarantine: quarantine)
        guard let row = try await connection.query(tables.readOne, [.int(id)]).first else { return false }
        return Digest.sha256("\(row["kind"] ?? "")\n\(row["payload"] ?? "")").hex == fingerprint
    }

    private static func sessionsKilled(_ connection: PostgresConnection) async throws -> Int {
        try await connection.query(
            "SELECT sessions_killed::int AS n FROM pg_stat_database WHERE datname = current_database()"
        ).first?.int("n") ?? 0
    }
}
