import OpsHTTP
import OpsPostgres
import Testing

@testable import ControlPlane

@Suite struct ErrorMappingTests {
    private func answer(_ error: any Error) async throws -> HTTPError {
        let handler = answering { _ in throw error }
        let request = try HTTPRequest(.get, "/x", headers: ["Host": "127.0.0.1"])
        let thrown = await #expect(throws: HTTPError.self) { _ = try await handler(request) }
        return try #require(thrown)
    }

    @Test func recordsThatDoNotAnswerAreSaidToBeAway() async throws {
        let error = try await answer(PostgresError(.connectionLost, "gone"))
        #expect((error.status, error.code) == (503, "records_unavailable"))
    }

    @Test func aRefusalKeepsItsCode() async throws {
        let error = try await answer(GateRefusal(.approvalDecided, "decided"))
        #expect((error.status, error.code) == (409, "approval_decided"))
    }
}
