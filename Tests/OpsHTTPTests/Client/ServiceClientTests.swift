import OpsHTTP
import OpsModel
import Testing

@Suite struct ServiceClientTests {
    @Test func refusalsComeBackAsTheServicePutThem() async throws {
        var router = Router()
        router.post("/x", summary: "x", access: .open) { _ in
            throw HTTPError(
                status: 409,
                code: "already_decided",
                message: "Somebody decided before.",
                hint: "Look again.",
                details: ["by": "second"]
            )
        }
        try await TestServer.with(router) { server in
            let client = ServiceClient(base: "http://127.0.0.1:\(server.port)/")
            let error = await #expect(throws: RemoteError.self) {
                _ = try await client.post("/x", ["a": 1], as: Bool.self)
            }
            #expect(error?.status == 409)
            #expect(error?.code == "already_decided")
            #expect(error?.message == "Somebody decided before.")
            #expect(error?.hint == "Look again.")
            #expect(error?.details?["by"] == "second")
        }
    }

    @Test func anAnswerWithoutAnEnvelopeIsStillDescribed() async throws {
        let server = try ScriptedServer { _ in .status(500, "<html>") }
        defer { server.stop() }
        let error = await #expect(throws: RemoteError.self) {
            _ = try await ServiceClient(base: "http://127.0.0.1:\(server.port)").get("/", as: Bool.self)
        }
        #expect(error?.code == "http_500")
    }

    @Test func aSuccessOfAnotherShapeIsABadAnswer() async throws {
        let server = try ScriptedServer { _ in .status(200, #"{"data":"text"}"#) }
        defer { server.stop() }
        let error = await #expect(throws: HTTPClientError.self) {
            _ = try await ServiceClient(base: "http://127.0.0.1:\(server.port)").get("/", as: Bool.self)
        }
        #expect(error?.code == .badAnswer)
    }

    @Test func sendsItsKeyAndTheMethodAsked() async throws {
        let server = try ScriptedServer { _ in .status(200, #"{"data":true}"#) }
        defer { server.stop() }
        let client = ServiceClient(base: "http://127.0.0.1:\(server.port)", key: "k1")
        _ = try await client.delete("/thing", as: Bool.self, idempotencyKey: "d1")
        let request = try #require(server.requests.first)
        #expect(request.hasPrefix("DELETE /thing HTTP/1.1"))
        #expect(request.contains("Authorization: Bearer k1"))
        #expect(request.contains("Idempotency-Key: d1"))
    }
}
