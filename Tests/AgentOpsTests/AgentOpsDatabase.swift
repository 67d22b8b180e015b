import AgentOps
import OpsPostgres
import OpsTestKit

/// A migrated database of its own, and ways into it by role and organisation.
struct AgentOpsDatabase: Sendable {
    let superuser: PostgresConfiguration

    init(on fixture: PostgresFixture = .shared) async throws {
        superuser = try await fixture.database(template: "agentops") { configuration in
            let connection = try await PostgresConnection.connect(configuration)
            defer { connection.close() }
            try await AgentOpsSchema.migrator.up(connection)
        }
    }

    func configuration(_ role: String, _ organisation: String?) -> PostgresConfiguration {
        var configuration = superuser
        configuration.user = role
        configuration.options["agentops.org"] = organisation
        return configuration
    }

    func connect(_ role: String, _ organisation: String?) async throws -> PostgresConnection {
        try await PostgresConnection.connect(configuration(role, organisation))
    }

    func recorder(
        _ role: String = "observer",
        organisation: String = "lab",
        spool: TemporaryDirectory
    ) throws -> Recorder {
        try Recorder(
            RecorderConfiguration(
                database: configuration(role, nil),
                organisation: organisation,
                spool: spool.path,
                writer: role
            ),
            registration: Registration(id: role, name: role)
        )
    }

    func asSuperuser() async throws -> PostgresConnection { try await PostgresConnection.connect(superuser) }
}
