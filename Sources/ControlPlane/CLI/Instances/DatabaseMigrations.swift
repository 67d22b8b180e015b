import OpsRuntime
import OpsSystem

/// Brings both databases of a lab to the newest schema, before anything that uses them starts.
enum DatabaseMigrations {
    @Sendable
    static func run(_ lab: Lab, _ record: InstanceRecord) async throws {
        try await self.migrateShop(lab)
    }

    /// The shop migrates itself, as the topology says, as the administrator of its database.
    private static func migrateShop(_ lab: Lab) async throws {
        let arguments = ["migrate", "--config", "\(lab.layout.target)/migrate.yaml"]
        let output = try await lab.run(
            as: .database,
            lab.layout.program("TargetServer"),
            arguments,
            within: .seconds(30)
        )
        guard output.status.isSuccess else {
            throw RuntimeError(.componentFailed, "the shop's migration failed: \(output.errorText)")
        }
    }
}
