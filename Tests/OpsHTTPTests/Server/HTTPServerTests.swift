import OpsHTTP
import OpsModel
import OpsService
import Synchronization
import Testing

@Suite struct HTTPServerTests {
    struct Item: Codable, Equatable {
        var name: String
        var count: Int
    }

    @Test func answersOverASocketInTheEnvelope() async throws {
        var router = Router()
        router.get("/items/{id}", summary: "One item.", access: .open) { request in
            .json(Item(name: try request.parameter("id"), count: 3))
        }
        router.post("/items", summary: "Makes an item.", access: .scope("act")) { request in
            .json(try request.json(Item.self), status: 201, message: "made")
        }
        try await TestServer.with(router) { server in
            let client = ServiceClient(base: "http://127.0.0.1:\(server.port)", key: "writer")
            let item = try await client.get("/items/a%20b", as: Item.self)
            #expect(item == Item(name: "a b", count: 3))
            let made = try await client.post("/items", Item(name: "x", count: 1), as: Item.self)
            #expect(made == Item(name: "x", count: 1))
            await #expect(throws: RemoteError.self) { try await client.get("/nothing", as: Item.self) }
        }
    }

    @Test func requestAndTraceIDsTravelThrough() async throws {
        var inner = Router()
        inner.get("/inner", summary: "The second service.", access: .open) { request in
            .json(["id": request.requestID, "trace": request.traceParent.traceID, "span": request.traceParent.spanID])
        }
        try await TestServer.with(inner) { second in
            let url = "http://127.0.0.1:\(second.port)/inner"
            var outer = Router()
            outer.get("/outer", summary: "The first service.", access: .open) { _ in
                .json(try await HTTPClient().send(HTTPClientRequest(url: url)).json([String: String].self))
            }
            try await TestServer.with(outer) { first in
                let trace = TraceParent()
                let response = try await HTTPClient().send(
                    HTTPClientRequest(
                        url: "http://127.0.0.1:\(first.port)/outer",
                        headers: ["X-Request-Id": "mine-1", "traceparent": trace.description]
                    )
                )
                let seen = try response.json([String: String].self)
                #expect(response.headers["X-Request-Id"] == "mine-1")
                #expect(seen["id"] == "mine-1")
                #expect(seen["trace"] == trace.traceID)
                #expect(seen["span"] != trace.spanID)
            }
        }
    }

    @Test func middlewareStandsAroundTheHandlers() async throws {
        struct Stamp: Middleware {
            var mark: String
            func handle(_ request: HTTPRequest, route: Route, next: Route.Handler) async throws -> HTTPResponse {
                var response = try await next(request)
                response.headers["X-Stamp"] = mark + (response.headers["X-Stamp"] ?? "") + route.template
                return response
            }
        }
        var router = Router()
        router.get("/x", summary: "x", access: .open) { _ in .text("x") }
        router.use(Stamp(mark: "outer"))
        router.use(Stamp(mark: "inner"))
        let response = await TestServer.make(router).respond(
            to: try HTTPRequest(.get, "/x", headers: ["Host": "localhost"])
        )
        #expect(response.headers["X-Stamp"] == "outerinner/x/x")
    }

    @Test func limitsEachKeyByItself() async throws {
        var router = Router()
        router.get("/x", summary: "x", access: .anyKey) { _ in .text("x") }
        let server = TestServer.make(router, configure: { $0.rateLimit = RateLimiter(perSecond: 0.01, burst: 2) })
        func ask(_ key: String) async throws -> HTTPResponse {
            await server.respond(to: try HTTPRequest(.get, "/x", headers: ["Host": "localhost", "X-API-Key": key]))
        }
        #expect(try await ask("reader").status == 200)
        #expect(try await ask("reader").status == 200)
        let refused = try await ask("reader")
        #expect(refused.status == 429)
        #expect(refused.headers["Retry-After"].flatMap { Int($0) } ?? 0 > 50)
        #expect(try await ask("writer").status == 200)
    }

    @Test func largeBodiesArriveWhole() async throws {
        var router = Router()
        router.post("/echo", summary: "echo", access: .open) { request in
            HTTPResponse(status: 200, body: .bytes(request.body))
        }
        try await TestServer.with(router) { server in
            let body = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
            var request = HTTPClientRequest(method: .post, url: "http://127.0.0.1:\(server.port)/echo", body: body)
            request.headers["Content-Type"] = "application/json"
            let answer = try await HTTPClient().send(request)
            #expect(answer.body == body)
        }
    }

    @Test func manyRequestsAtOnceAllGetTheirOwnAnswer() async throws {
        var router = Router()
        router.get("/n/{n}", summary: "n", access: .open) { request in
            await Task.yield()
            return .json(try request.parameter("n"))
        }
        try await TestServer.with(router) { server in
            let client = ServiceClient(base: "http://127.0.0.1:\(server.port)")
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<500 {
                    group.addTask { try await client.get("/n/\(number)", as: String.self) == String(number) }
                }
                for try await isOwn in group { #expect(isOwn) }
            }
        }
    }

    @Test func turnsNewClientsAwayAndServesThoseItHas() async throws {
        let isFull = Mutex(false)
        var router = Router()
        router.get("/x", summary: "x", access: .open) { _ in .text("x") }
        let configure = { (settings: inout HTTPServerConfiguration) in
            settings.admits = { !isFull.withLock { $0 } }
        }
        try await TestServer.with(router, configure: configure) { server in
            let request = "GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n"
            let old = try RawConnection(port: server.port)
            old.send(request)
            #expect(await old.read(until: "\r\n\r\nx").hasPrefix("HTTP/1.1 200"))
            isFull.withLock { $0 = true }
            #expect(try await RawConnection.exchange(server.port, request).isEmpty)
            old.send(request)
            #expect(await old.read(until: "\r\n\r\nx").hasPrefix("HTTP/1.1 200"))
            isFull.withLock { $0 = false }
            let new = try RawConnection(port: server.port)
            new.send(request)
            #expect(await new.read(until: "\r\n\r\nx").hasPrefix("HTTP/1.1 200"))
        }
    }

    @Test func saysTheTimeThatItIsTold() async throws {
        let told = Mutex<Timestamp?>(nil)
        var router = Router()
        router.get("/x", summary: "x", access: .open) { _ in .text("x") }
        let configure = { (settings: inout HTTPServerConfiguration) in
            settings.date = { told.withLock { $0 } }
        }
        try await TestServer.with(router, configure: configure) { server in
            func date(_ path: String) async throws -> [String] {
                let request = "GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                return try await RawConnection.exchange(server.port, request).split(separator: "\r\n")
                    .filter { $0.hasPrefix("Date: ") }.map { String($0.dropFirst(6)) }
            }
            let own = try #require(try await date("/x").first.flatMap { HTTPDate.parse($0) })
            #expect(abs(own - .now()) < 5)
            told.withLock { $0 = Timestamp(secondsSinceEpoch: 784_111_777) }
            for path in ["/x", "/nothing"] { #expect(try await date(path) == ["Sun, 06 Nov 1994 08:49:37 GMT"]) }
        }
    }

    @Test func servesOnAUnixSocket() async throws {
        try await ListenerTests.withSocketPath { path in
            var router = Router()
            router.get("/x", summary: "x", access: .open) { _ in .json("socket") }
            let configure = { (settings: inout HTTPServerConfiguration) in
                settings.listen = .unix(path: path, mode: 0o600)
            }
            try await TestServer.with(router, configure: configure) { _ in
                let answer = try await ServiceClient(base: "unix:\(path)").get("/x", as: String.self)
                #expect(answer == "socket")
            }
        }
    }
}
