import OpsHTTP
import OpsModel
import OpsPostgres
import OpsTestKit
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

    @Test(arguments: [429, 500, 502, 503])
    func aServiceThatCannotAnswerNowIsSaidToBeAwayAndNotQuoted(_ status: Int) async throws {
        let error = try await answer(RemoteError(status: status, code: "target_unreadable", message: "its own secret"))
        #expect((error.status, error.code, error.retryAfter) == (503, "peer_unavailable", 1))
        #expect(!"\(error.message) \(error.hint ?? "")".contains("secret") && error.details == nil)
    }

    @Test func nobodyAtItsAddressIsTheSame() async throws {
        let nobody = ServiceClient(base: "http://127.0.0.1:\(FreePort.take())")
        let failure = await #expect(throws: HTTPClientError.self) { let _: JSONValue = try await nobody.get("/view") }
        let error = try await answer(try #require(failure))
        #expect((error.status, error.code) == (503, "peer_unavailable"))
    }

    /// What it was asked was wrong; that is no reason to ask again.
    @Test func aRefusalOfAnotherServiceIsLeftToWhoeverAsked() async throws {
        let handler = answering { _ in throw RemoteError(status: 422, code: "invalid_parameters", message: "no") }
        let request = try HTTPRequest(.get, "/x", headers: ["Host": "127.0.0.1"])
        let thrown = await #expect(throws: RemoteError.self) { _ = try await handler(request) }
        #expect(thrown?.status == 422)
    }
}
