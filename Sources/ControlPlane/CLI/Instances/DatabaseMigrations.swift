import AgentOps
import OpsPostgres
import OpsRuntime
import OpsSystem

/// Brings both databases of a lab to the newest schema, before anything that uses them starts, and keeps the target's baseline.
enum DatabaseMigrations {
    @Sendable
    static func run(_ lab: Lab, _ record: InstanceRecord) async throws {
        let baseline = try BaselineCopy(lab.layout)
        try await baseline.heal()
        async let records: Void = self.migrateRecords(lab, record)
        async let target: Void = self.migrateTarget(lab, record)
        _ = try await (records, target)
        try await baseline.take()
    }

    /// As the administrator over the socket: the person who starts a lab is one.
    private static func migrateRecords(_ lab: Lab, _ record: InstanceRecord) async throws {
        let configuration = PostgresConfiguration(
            host: lab.layout.agentOpsDatabaseSocket,
            port: Int(record.ports[.agentops]),
            user: "postgres",
            database: "agentops",
            applicationName: "opslab-migrate",
            statementTimeout: .seconds(60)
        )
        let connection = try await PostgresConnection.connect(configuration)
        defer { connection.close() }
        _ = try await AgentOpsSchema.migrator.up(connection)
    }

    private static func migrateTarget(_ lab: Lab, _ record: InstanceRecord) async throws {
        guard let application = record.application else { return try await self.migrateShop(lab) }
        try await self.fill(application, lab)
    }

    /// What an application's own database begins with, as the role that owns it: once, when the database is new.
    ///
    /// One transaction, so that a script that fails leaves nothing behind and is tried again.
    private static func fill(_ application: Application, _ lab: Lab) async throws {
        let database = application.database
        let mark = "\(lab.layout.target)/.\(database.component)-scripts"
        guard !FileSystem.exists(mark) else { return }
        let configuration = PostgresConfiguration(
            host: lab.layout.targetDatabaseSocket,
            port: database.port,
            user: "postgres",
            database: database.name,
            applicationName: "opslab-migrate",
            statementTimeout: .seconds(60)
        )
        let connection = try await PostgresConnection.connect(configuration)
        defer { connection.close() }
        let scripts = try database.scripts.map { try FileSystem.text($0) }
        let owner = "SET LOCAL ROLE \"\(database.owner)\""
        do {
            try await connection.execute(
                script: (["BEGIN", owner] + scripts + ["COMMIT"]).joined(separator: "\n;\n"),
                within: .seconds(60)
            )
        } catch {
            let files = database.scripts.joined(separator: ", ")
            throw RuntimeError(.componentFailed, "the database could not be filled from \(files): \(error)")
        }
        try FileSystem.writeAtomically("", to: mark, mode: 0o644)
    }

    /// The shop migrates itself, as the topology says, as the administrator of its database.
    private static func migrateShop(_ lab: Lab) async throws {
        let arguments = ["migrate", "--config", "\(lab.layout.target)/migrate.yaml"]
        let program = lab.layout.program("TargetServer")
        let output = try await lab.run(as: .database, program, arguments, within: .seconds(60))
        guard output.status.isSuccess else {
            throw RuntimeError(.componentFailed, "the shop's migration failed: \(output.errorText)")
        }
    }
}
