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
        async let shop: Void = self.migrateShop(lab)
        _ = try await (records, shop)
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
