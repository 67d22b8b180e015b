import OpsHTTP
import OpsService
import Testing

/// Shapes of requests that two programs read differently, byte for byte.
@Suite struct SmugglingTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var bytes: String
        var statuses: Set<Int> = [400]
        var testDescription: String { name }
    }

    static let smuggled = "GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n"
    static let cases: [Case] = [
        Case(
            name: "length and encoding",
            bytes:
                "POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n\(smuggled)"
        ),
        Case(
            name: "two lengths",
            bytes: "POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nContent-Length: 46\r\n\r\n\(smuggled)"
        ),
        Case(
            name: "the same length twice",
            bytes: "POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nContent-Length: 0\r\n\r\n"
        ),
        Case(name: "no host", bytes: "GET /x HTTP/1.1\r\n\r\n"),
        Case(name: "no host in HTTP/1.0", bytes: "GET /x HTTP/1.0\r\n\r\n"),
        Case(name: "two hosts", bytes: "GET /x HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n"),
        Case(
            name: "foreign host",
            bytes: "GET /x HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
            statuses: [421]
        ),
        Case(
            name: "unknown encoding",
            bytes: "POST /x HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: xchunked\r\n\r\n\(smuggled)"
        ),
        Case(
            name: "encoding twice",
            bytes:
                "POST /x HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n"
        ),
        Case(
            name: "space before the colon",
            bytes: "POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length : 46\r\n\r\n\(smuggled)"
        ),
        Case(
            name: "signed length",
            bytes: "POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: +46\r\n\r\n\(smuggled)"
        ),
        Case(name: "encoded NUL", bytes: "GET /x%00y HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"),
        Case(name: "encoded slash", bytes: "GET /x%2Fy HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"),
        Case(name: "dot segments", bytes: "GET /a/../x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"),
        Case(
            name: "absolute form",
            bytes: "GET http://evil.example/x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        ),
        Case(
            name: "unknown method",
            bytes: "BREW /x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
            statuses: [405]
        ),
        Case(name: "unknown version", bytes: "GET /x HTTP/7.0\r\nHost: localhost\r\n\r\n", statuses: [400, 505]),
        Case(
            name: "declared body too large",
            bytes: "POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000000\r\n\r\n",
            statuses: [413]
        ),
        Case(
            name: "declared body a little too large",
            bytes: "POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 70000\r\n\r\n"
                + String(repeating: "x", count: 70_000),
            statuses: [413]
        ),
        Case(
            name: "chunked body too large",
            bytes: "POST /x HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "11170\r\n\(String(repeating: "x", count: 70_000))\r\n0\r\n\r\n",
            statuses: [413]
        ),
        Case(
            name: "too many fields",
            bytes: "GET /x HTTP/1.1\r\nHost: localhost\r\n"
                + (0..<120).map { "X-\($0): 1\r\n" }.joined() + "\r\n",
            statuses: [431]
        ),
        Case(
            name: "endless field",
            bytes: "GET /x HTTP/1.1\r\nHost: localhost\r\nX: \(String(repeating: "y", count: 60_000))\r\n\r\n",
            statuses: [431, 413, 400]
        ),
    ]

    static func router(_ reached: Counter) -> Router {
        var router = Router()
        for template in ["/x", "/smuggled", "/a/{b}"] {
            for method in [HTTPMethod.get, .post] {
                router.add(
                    Route(method, template, summary: "x", access: .open) { _ in
                        reached.add(1)
                        return .text("reached")
                    }
                )
            }
        }
        return router
    }

    @Test(arguments: cases)
    func isRefusedAndReachesNoHandler(attack: Case) async throws {
        let reached = MetricsRegistry().counter("reached_total", "Handlers reached.")
        let configure = { (settings: inout HTTPServerConfiguration) in settings.bodyLimit = 65_536 }
        try await TestServer.with(Self.router(reached), configure: configure) { server in
            let answer = try await RawConnection.exchange(server.port, attack.bytes)
            let status = Int(answer.dropFirst(9).prefix(3)) ?? 0
            #expect(attack.statuses.contains(status), "\(answer.prefix(200))")
            #expect(!answer.dropFirst(1).contains("HTTP/1.1 200"))
            #expect(reached.value() == 0)
        }
    }

    @Test func afterARefusalTheConnectionEnds() async throws {
        let reached = MetricsRegistry().counter("reached_total", "Handlers reached.")
        try await TestServer.with(Self.router(reached)) { server in
            let bad = "POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nContent-Length: 0\r\n\r\n"
            let answer = try await RawConnection.exchange(server.port, bad + Self.smuggled)
            #expect(answer.contains("Connection: close"))
            #expect(!answer.contains("reached"))
            #expect(reached.value() == 0)
        }
    }

    @Test func requestsInARowAreAnsweredInOrder() async throws {
        var router = Router()
        router.get("/n/{n}", summary: "n", access: .open) { request in .text("<\(try request.parameter("n"))>") }
        try await TestServer.with(router) { server in
            let requests = (0..<20).map { "GET /n/\($0) HTTP/1.1\r\nHost: localhost\r\n\r\n" }.joined()
            let last = "GET /n/end HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
            let answer = try await RawConnection.exchange(server.port, requests + last)
            let bodies = answer.split(separator: "<").dropFirst().map { $0.prefix { $0 != ">" } }
            #expect(bodies.map(String.init) == (0..<20).map(String.init) + ["end"])
        }
    }
}
