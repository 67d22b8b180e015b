import GateClient
import OpsHTTP
import OpsModel
import OpsTestKit
import OpsTrust
import Testing

@testable import ControlPlane

/// What the gate says while its PostgreSQL is down, to everybody alike.
@Suite struct RecordsAwayTests {
    private func refusal<Answer>(_ ask: () async throws -> Answer) async throws -> RemoteError {
        let error = try await #require(throws: RemoteError.self) { _ = try await ask() }
        return error
    }

    @Test func anIncidentsOwnKeyIsNotRefusedWhileNobodyCanLookItUp() async throws {
        let records = PostgresFixture()
        try await GateBench.with(records: records) { bench, incident in
            let agent = bench.agent(try await bench.claim(incident, as: "a"))
            _ = try await agent.incident()
            try await records.crash()
            let away = try await refusal { try await agent.incident() }
            #expect((away.status, away.code, away.retryAfter) == (503, "records_unavailable", 1))
            let spoken = try await refusal { try await agent.escalate(Escalation(reason: "no way on")) }
            #expect((spoken.status, spoken.code) == (503, "records_unavailable"))
            try await records.restart()
            #expect(try await hears(agent))
            let stranger = try await refusal { try await bench.agent(of: incident, withKey: .generate()).incident() }
            #expect((stranger.status, stranger.code) == (401, "unauthorized"))
        }
        try await records.crash()
    }

    @Test func aPersonIsToldTheSameOnEveryRoute() async throws {
        let records = PostgresFixture()
        try await GateBench.with(records: records) { bench, incident in
            try await records.crash()
            let refusals = [
                try await refusal { try await bench.person.incidents(limit: 5) },
                try await refusal { try await bench.person.incident(incident) },
                try await refusal { try await bench.person.approvals() },
                try await refusal { try await bench.person.autonomy() },
                try await refusal { try await bench.person.set(AutonomySetting(level: .observe)) },
                try await refusal { try await bench.person.stopAgents(reason: "drill") },
            ]
            #expect(Set(refusals.map(\.code)) == ["records_unavailable"])
            #expect(Set(refusals.map(\.status)) == [503])
        }
    }

    /// Whether the agent is served again soon; the sessions that broke are found out one by one.
    private func hears(_ agent: IncidentClient) async throws -> Bool {
        let deadline = Timestamp.now() + 20
        while Timestamp.now() < deadline {
            do {
                _ = try await agent.incident()
                return true
            } catch let error as RemoteError where error.status == 503 {
                try await Task.sleep(for: .milliseconds(20))
            }
        }
        return false
    }
}
