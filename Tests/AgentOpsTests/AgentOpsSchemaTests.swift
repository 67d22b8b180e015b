import AgentOps
import OpsPostgres
import OpsTestKit
import Testing

@Suite struct AgentOpsSchemaTests {
    @Test func upDownUp() async throws {
        let connection = try await PostgresConnection.connect(try await PostgresFixture.shared.database())
        let migrator = AgentOpsSchema.migrator
        let all = migrator.migrations.map(\.number)
        #expect(try await migrator.up(connection).map(\.number) == all)
        #expect(try await migrator.down(connection, to: 0).map(\.number) == all.reversed())
        let left = try await connection.query(
            """
            SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace s ON s.oid = c.relnamespace
            WHERE s.nspname IN ('agentops', 'lab') AND c.relname NOT LIKE 'schema_migrations%'
            """
        )
        #expect(left.map { $0["name"] } == [])
        #expect(try await migrator.up(connection).map(\.number) == all)
    }
}
