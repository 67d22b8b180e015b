import OpsHTTP
import Testing

/// Clients that hold a connection without asking anything.
@Suite struct SlowClientTests {
    private static var router: Router {
        var router = Router()
        router.post("/x", summary: "x", access: .open) { _ in .text("reached") }
        return router
    }

    private static func impatient(_ configuration: inout HTTPServerConfiguration) {
        configuration.patience.head = .milliseconds(300)
        configuration.patience.body = .milliseconds(300)
        configuration.patience.idle = .milliseconds(300)
        configuration.patience.sweep = .milliseconds(50)
    }

    /// Sends a byte now and then, as long as the server listens; gives what came back and how long it lasted.
    private func drip(_ port: Int, after start: String) async throws -> (answer: String, lasted: Duration) {
        let connection = try RawConnection(port: port)
        connection.send(start)
        let began = ContinuousClock.now
        let feeder = Task {
            while !Task.isCancelled, connection.send("x") { try await Task.sleep(for: .milliseconds(40)) }
        }
        let answer = await connection.read()
        feeder.cancel()
        return (answer, .now - began)
    }

    @Test(arguments: [
        "", "GET /", "POST /x HTTP/1.1\r\nHost: localhost\r\nX-A: ",
        "POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n",
        "POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n",
    ])
    func isCutOffHoweverItDrips(start: String) async throws {
        try await TestServer.with(Self.router, configure: Self.impatient) { server in
            let (_, lasted) = try await drip(server.port, after: start)
            #expect(lasted < .seconds(5))
        }
    }

    @Test func othersAreServedMeanwhile() async throws {
        try await TestServer.with(Self.router) { server in
            let slow = try (0..<50).map { _ in try RawConnection(port: server.port) }
            for connection in slow { connection.send("POST /x HTTP/1.1\r\nHost: loc") }
            let response = try await HTTPClient().send(
                HTTPClientRequest(url: "http://127.0.0.1:\(server.port)/healthz", timeout: .seconds(2))
            )
            #expect(response.status == 200)
            #expect(slow.count == 50)
        }
    }
}
