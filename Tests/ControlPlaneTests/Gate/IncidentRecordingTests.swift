import AgentOps
import OpsModel
import OpsPostgres
import OpsTestKit
import Testing

@testable import ControlPlane

/// Every decision of the gate stands in the audit chain, committed with it, and in the records after it.
@Suite struct IncidentRecordingTests {
    let start = Timestamp(microseconds: 1_800_000_000_000_000)

    @Test func decisionsStandInTheChainAndInTheRecords() async throws {
        var configuration = try await PostgresFixture.shared.database(template: "agentops-gate-records") { database in
            let connection = try await PostgresConnection.connect(database)
            _ = try await AgentOpsSchema.migrator.up(connection)
            connection.close()
        }
        configuration.user = "gate"
        let spool = try TemporaryDirectory()
        let recorder = try Recorder(
            RecorderConfiguration(database: configuration, organisation: "lab", spool: spool.path, writer: "gate"),
            registration: Registration(id: "gate", name: "Gate")
        )
        let organisation = OrganisationPool(pool: PostgresPool(configuration, limit: 4), organisation: "lab")
        let store = PostgresGateStore(organisation: organisation, recorder: recorder)
        let page = Page(fingerprint: "c", journey: "checkout", status: .firing, summary: "burns", startedAt: start)
        try await store.take(
            page,
            opening: { IncidentStateMachine.open(id: $0, page: page, autonomy: .approve, actionLimit: 4, now: start) },
            now: start
        )
        let id = try #require(try await store.openRecords().first?.incident.id)
        try await store.change(id) {
            IncidentStateMachine(record: $0, now: start + 1).closed(by: "ann", reason: "done")
        }
        _ = try await store.freeze(true, by: .person("ann"), reason: "drill")

        configuration.options["agentops.org"] = "lab"
        let pool = PostgresPool(configuration, limit: 1)
        let rows = try await AuditTrail.rows(pool)
        #expect(rows.map(\.action) == ["incident.opened", "incident.closed", "agents.stop"])
        #expect(rows.last?.actorID == "ann")
        let report = try await AuditVerifier.verify(pool, organisation: "lab", checkpoints: [], keys: [])
        #expect(report.isWhole && report.rows == 3)
        #expect(await recorder.flush(within: .seconds(10)))
        let story = try await EventArchive(pool).timeline(incident: id)
        #expect(story.map(\.type) == ["incident.opened", "incident.closed"])
    }
}
