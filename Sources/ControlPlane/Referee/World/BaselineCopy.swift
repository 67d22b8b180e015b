import OpsModel
import OpsPostgres
import OpsRuntime
import OpsSpec
import OpsSystem

/// The kept copy of a target's database and configuration.
///
/// `opslab up` takes it before the target's programs start for the first time, and again after a migration, so that nothing
/// that somebody did to a running lab ever becomes part of it.
struct BaselineCopy: Sendable {
    private let topology: Topology
    private let bindings: Bindings
    private let directory: String
    private var database: BoundPostgres? { bindings.database }

    init(_ layout: InstanceLayout) throws {
        self.init(
            topology: try Topology.load(layout.topology),
            bindings: try Bindings.load(layout.bindings),
            directory: layout.baseline
        )
    }

    init(topology: Topology, bindings: Bindings, directory: String) {
        self.topology = topology
        self.bindings = bindings
        self.directory = directory
    }

    /// Makes good what a copy that was interrupted left: a database that is closed, or gone.
    func heal() async throws {
        guard let database else { return }
        let connection = try await PostgresConnection.connect(database.administration(of: "postgres"))
        defer { connection.close() }
        try await heal(database, connection)
    }

    /// Takes the copy where there is none, or one of an older schema.
    func take() async throws {
        try keepConfiguration()
        guard let database else { return }
        let connection = try await PostgresConnection.connect(database.administration(of: "postgres"))
        defer { connection.close() }
        try await heal(database, connection)
        let template = Self.template(of: database)
        let known = try await connection.query("SELECT FROM pg_database WHERE datname = $1", [.text(template)])
        if !known.isEmpty, try await schema(database, template) == schema(database, database.database) { return }
        try await copy(database.database, to: template, connection)
    }

    /// Puts the database back as it was, with the passwords of the kept configuration.
    func restoreDatabase() async throws {
        guard let database else { return }
        let connection = try await PostgresConnection.connect(database.administration(of: "postgres"))
        defer { connection.close() }
        try await heal(database, connection)
        try await copy(Self.template(of: database), to: database.database, connection)
        try await restoreSecrets(connection)
    }

    /// Puts the configuration files back that differ.
    func restoreConfiguration() throws {
        for (name, path) in files {
            let wanted = try FileSystem.read("\(directory)/\(name)")
            if try FileSystem.read(path) != wanted { try FileSystem.writeAtomically(wanted, to: path) }
        }
    }

    /// What is kept of the configuration: files with settings, and the lists of the keys that providers take.
    private var files: [(name: String, path: String)] {
        bindings.config.map { ($0, $1.path) }
            + bindings.components.compactMap { name, bound in bound.keys.map { ("\(name).keys", $0) } }
    }

    private static func template(of database: BoundPostgres) -> String { "\(database.database)_baseline" }

    /// Of a file that a newer version of the lab has there is no copy yet, and nobody has changed it.
    private func keepConfiguration() throws {
        guard !FileSystem.exists(directory) else {
            for (name, path) in files where !FileSystem.exists("\(directory)/\(name)") {
                try FileSystem.writeAtomically(FileSystem.read(path), to: "\(directory)/\(name)", mode: 0o600)
            }
            return
        }
        let staged = "\(directory).new"
        try FileSystem.removeTree(staged)  // of a start that was interrupted
        try FileSystem.makeDirectory(staged, mode: 0o700)
        for (name, path) in files {
            try FileSystem.writeAtomically(FileSystem.read(path), to: "\(staged)/\(name)", mode: 0o600)
        }
        try FileSystem.move(staged, to: directory)
    }

    /// A digest of all columns and triggers there are, which a migration changes.
    private func schema(_ database: BoundPostgres, _ name: String) async throws -> String {
        let connection = try await PostgresConnection.connect(database.administration(of: name))
        defer { connection.close() }
        let parts = """
            SELECT concat_ws(' ', table_schema, table_name, column_name, data_type) AS part FROM information_schema.columns
            WHERE table_schema NOT IN ('pg_catalog', 'information_schema')
            UNION ALL SELECT concat_ws(' ', tgrelid::regclass, tgname) FROM pg_trigger WHERE NOT tgisinternal
            """
        let digest = "SELECT coalesce(md5(string_agg(part, ',' ORDER BY part)), '') AS digest FROM (\(parts)) AS parts"
        return try await connection.query(digest).first?.string("digest") ?? ""
    }

    private func heal(_ database: BoundPostgres, _ connection: PostgresConnection) async throws {
        let template = Self.template(of: database)
        let known = try await connection.query(
            "SELECT datname, datallowconn FROM pg_database WHERE datname IN ($1, $2)",
            [.text(database.database), .text(template)]
        )
        for row in known where try !row.bool("datallowconn") {
            let name = try row.string("datname")
            try await connection.execute(script: "ALTER DATABASE \"\(name)\" ALLOW_CONNECTIONS true")
        }
        let names = try known.map { try $0.string("datname") }
        guard names.contains(template), !names.contains(database.database) else { return }
        try await copy(template, to: database.database, connection)
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
        for source in topology.config where bindings.config[source.name] != nil {
            let settings = try EnvironmentFile(path: "\(directory)/\(source.name)")
            for secret in source.secrets where secret.role != nil {
                guard let role = secret.role, let password = settings[secret.key] else { continue }
                let verifier = try connection.scramVerifier(password: password, user: role)
                try await connection.execute(script: "ALTER ROLE \"\(role)\" PASSWORD '\(verifier)'")
            }
        }
    }
}
