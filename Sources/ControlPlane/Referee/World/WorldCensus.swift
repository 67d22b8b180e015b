import OpsModel
import OpsPostgres
import OpsRuntime
import OpsSpec
import OpsSystem
import OpsTrust

/// Reads the world itself: process starts, role verifiers, files, sessions.
///
/// It asks neither ActionPlane nor ChaosServer what they did. Every difference between two readings must be accounted for by
/// an action that somebody approved, by the run's own fault, or by what the target does anyway.
struct WorldCensus: Sendable {
    let lab: RefereeLab

    init(_ lab: RefereeLab) { self.lab = lab }

    /// One reading.
    struct Snapshot: Sendable, Equatable {
        /// Start times by program; nil for one that is down.
        var processes: [String: UInt64?] = [:]
        /// Hashes of password verifiers by role.
        var verifiers: [String: String] = [:]
        /// Hashes of configuration files, comments left out.
        var files: [String: String] = [:]
        /// Inode of each directory of the topology.
        var directories: [String: String] = [:]
        /// Sessions that hold a transaction open and say nothing, by owner.
        var idleInTransaction: [String] = []
        /// Settings of databases and roles.
        var settings: [String] = []
    }

    func take() async throws -> Snapshot {
        var snapshot = Snapshot()
        for program in try await lab.lab.supervisor(.target).programs() {
            let identity = program.pid.flatMap { ProcessIdentity.of(pid: $0) }
            snapshot.processes[program.name] = .some(program.phase == .running ? identity?.startTicks : nil)
        }
        for (name, bound) in lab.bindings.config { snapshot.files[name] = try Self.hash(bound.path) }
        for (name, bound) in lab.bindings.components {
            guard let path = bound.path else { continue }
            snapshot.directories[name] = FileSystem.inode(path).map { "\($0)" } ?? "absent"
        }
        try await readDatabase(into: &snapshot)
        return snapshot
    }

    /// The file without its comments, which no component reads.
    private static func hash(_ path: String) throws -> String {
        let lines = try FileSystem.text(path).split(separator: "\n").filter { !$0.hasPrefix("#") }
        return Digest.sha256(lines.joined(separator: "\n")).hex
    }

    private func readDatabase(into snapshot: inout Snapshot) async throws {
        guard let database = lab.bindings.components.values.compactMap(\.postgres).first else { return }
        let connection = try await PostgresConnection.connect(
            PostgresConfiguration(
                host: database.socket ?? database.host,
                port: database.port,
                user: database.admin ?? "postgres",
                database: database.database,
                applicationName: "psql"
            )
        )
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
    }
}
