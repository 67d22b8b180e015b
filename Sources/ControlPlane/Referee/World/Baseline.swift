import ChaosClient
import GateClient
import OpsModel
import OpsPostgres
import OpsRuntime
import OpsSpec
import OpsSystem

/// The state that every scored run begins with, and the way back to it.
///
/// A reset is the referee's alone and happens between runs: a fault's own undo never does this, because it would overwrite
/// repairs. Database rows come from a template, configuration from a copy, the cache is emptied and fills by itself.
struct Baseline: Sendable {
    private let lab: RefereeLab
    private var directory: String { "\(lab.lab.layout.target)/baseline" }
    private var template: String { "\(database?.database ?? "shop")_baseline" }

    init(_ lab: RefereeLab) { self.lab = lab }

    /// The programs that hold sessions or files of the target, customers first.
    private static let users = ["load", "web", "api-1", "api-2", "worker", "report"]

    /// Brings the target back; five seconds when nothing has to be waited for.
    func restore() async throws {
        try await endFaults()
        try await stopUsers()
        try keepFirstConfiguration()
        try await restoreDatabase()
        try restoreConfiguration()
        try emptyCaches()
        try emptyClaims()
        try await startUsers()
        try await closeIncidents()
    }

    private var database: BoundPostgres? { lab.bindings.components.values.compactMap(\.postgres).first }

    /// Takes every open fault away, as far as it can be.
    func endFaults() async throws {
        for fault in try await lab.chaos.faults(open: true) { _ = try await lab.chaos.revert(fault.id) }
    }

    private func closeIncidents() async throws {
        for incident in try await lab.gate.incidents(limit: 20) where incident.endedAt == nil {
            _ = try await lab.gate.close(incident.id, reason: "the lab was reset")
        }
    }

    private func stopUsers() async throws {
        let supervisor = lab.lab.supervisor(.target)
        let running = try await supervisor.programs().filter { $0.phase == .running }.map(\.name)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for program in Self.users where running.contains(program) {
                group.addTask { try await supervisor.stop(program) }
            }
            try await group.waitForAll()
        }
    }

    private func startUsers() async throws {
        let supervisor = lab.lab.supervisor(.target)
        let running = Set(try await supervisor.programs().filter { $0.phase == .running }.map(\.name))
        let providers = lab.bindings.components.values.flatMap { Array(($0.providers ?? [:]).values) }.compactMap(
            \.program
        )
        for program in providers where !running.contains(program) { try await supervisor.start(program) }
        for tier in [["api-1", "api-2"], ["web", "worker", "report"], ["load"]] {
            for program in tier { try await supervisor.start(program) }
            try await waitUntilReady(tier)
        }
    }

    private func waitUntilReady(_ programs: [String]) async throws {
        let deadline = ContinuousClock.now + .seconds(10)
        while true {
            let waiting = await lab.lab.status().filter { programs.contains($0.program) && $0.isReady != true }
            if waiting.isEmpty { return }
            guard ContinuousClock.now < deadline else {
                let names = waiting.map(\.program).joined(separator: ", ")
                throw RuntimeError(.timedOut, "\(names) did not become ready after the reset", hint: "opslab logs NAME")
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    private func restoreDatabase() async throws {
        guard let database else { return }
        let settings = PostgresConfiguration(
            host: database.socket ?? database.host,
            port: database.port,
            user: database.admin ?? "postgres",
            database: "postgres",
            applicationName: "psql"
        )
        let connection = try await PostgresConnection.connect(settings)
        defer { connection.close() }
        let known = try await connection.query("SELECT FROM pg_database WHERE datname = $1", [.text(template)])
        if known.isEmpty {
            try await copy(database.database, to: template, connection)
            return
        }
        try await copy(template, to: database.database, connection)
        try await restoreSecrets(connection)
    }

    /// A database can only be copied while nobody is connected to it; Observer comes back by itself.
    private func copy(_ from: String, to: String, _ connection: PostgresConnection) async throws {
        try await connection.execute(script: "DROP DATABASE IF EXISTS \"\(to)\" WITH (FORCE)")
        try await connection.execute(script: "ALTER DATABASE \"\(from)\" ALLOW_CONNECTIONS false")
        _ = try await connection.query(
            "SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity WHERE datname = $1",
            [.text(from)]
        )
        try await connection.execute(script: "CREATE DATABASE \"\(to)\" TEMPLATE \"\(from)\"", within: .seconds(60))
        for name in [from, to] {
            try await connection.execute(script: "ALTER DATABASE \"\(name)\" ALLOW_CONNECTIONS true")
        }
    }

    /// The role takes the password of the baseline's configuration again.
    private func restoreSecrets(_ connection: PostgresConnection) async throws {
        for source in lab.topology.config where lab.bindings.config[source.name] != nil {
            let settings = try EnvironmentFile.read("\(directory)/\(source.name)")
            for secret in source.secrets where secret.role != nil {
                guard let role = secret.role, let password = settings[secret.key] else { continue }
                let verifier = try connection.scramVerifier(password: password, user: role)
                try await connection.execute(script: "ALTER ROLE \"\(role)\" PASSWORD '\(verifier)'")
            }
        }
    }

    private func keepFirstConfiguration() throws {
        guard !FileSystem.exists(directory) else { return }
        try FileSystem.makeDirectory(directory, mode: 0o700)
        for (name, bound) in lab.bindings.config {
            try FileSystem.writeAtomically(FileSystem.read(bound.path), to: "\(directory)/\(name)", mode: 0o600)
        }
    }

    private func restoreConfiguration() throws {
        for (name, bound) in lab.bindings.config {
            let wanted = try FileSystem.read("\(directory)/\(name)")
            if try FileSystem.read(bound.path) != wanted { try FileSystem.writeAtomically(wanted, to: bound.path) }
        }
    }

    private func emptyCaches() throws {
        for (name, bound) in lab.bindings.components {
            guard let path = bound.path, lab.topology.component(name)?.isRebuildable == true else { continue }
            for entry in try FileSystem.list(path) { try FileSystem.removeTree("\(path)/\(entry)") }
        }
    }

    private func emptyClaims() throws {
        guard let claims = lab.bindings.shared?.claims else { return }
        for name in try FileSystem.list(claims) { try FileSystem.remove("\(claims)/\(name)") }
    }
}
