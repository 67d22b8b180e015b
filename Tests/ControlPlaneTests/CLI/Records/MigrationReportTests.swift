import AgentOps
import OpsModel
import OpsPostgres
import OpsTestKit
import Testing

@testable import ControlPlane

@Suite struct MigrationReportTests {
    @Test("It tells what was done to a database, with the same members whichever way it went")
    func tellsWhatWasDone() async throws {
        let connection = try await PostgresConnection.connect(try await PostgresFixture.shared.database())
        defer { connection.close() }
        let migrator = AgentOpsSchema.migrator
        let last = try #require(migrator.migrations.last)
        let step: JSONValue = ["number": .int(last.number), "name": .string(last.name)]

        let all = try JSONValue(encoding: MigrationReport(applied: try await migrator.up(connection)))
        #expect(all["applied"]?.arrayValue?.map { $0["number"] } == migrator.migrations.map { .int($0.number) })
        #expect(all["database"] == "agentops" && all["undone"] == [])

        let back = MigrationReport(undone: try await migrator.down(connection, to: last.number - 1))
        #expect(try JSONValue(encoding: back) == ["database": "agentops", "applied": [], "undone": [step]])
        let nothing = MigrationReport(undone: try await migrator.down(connection, to: last.number - 1))
        #expect(try JSONValue(encoding: nothing) == ["database": "agentops", "applied": [], "undone": []])
        let again = MigrationReport(applied: try await migrator.up(connection))
        #expect(try JSONValue(encoding: again) == ["database": "agentops", "applied": [step], "undone": []])
    }
}
