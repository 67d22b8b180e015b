import OpsHTTP
import OpsService
import Testing

@Suite struct DrainTests {
    /// A route that answers when told, and a stream that goes on for ever.
    private struct Scene {
        let began = Signal<Bool>()
        let release = Signal<Bool>()
        var router: Router {
            var router = Router()
            router.get("/slow", summary: "Takes long.", access: .open) { [began, release] _ in
                began.send(true)
                _ = await release.next(within: .seconds(30))
                return .text("finished")
            }
            router.get("/events", summary: "Never ends.", access: .open) { [began] _ in
                .events { stream in
                    _ = await stream.send(ServerSentEvent(data: "first"))
                    began.send(true)
                    while stream.isOpen { try? await Task.sleep(for: .milliseconds(20)) }
                }
            }
            return router
        }
    }

    @Test func waitsForRequestsInProgress() async throws {
        let scene = Scene()
        let server = TestServer.make(scene.router)
        try await server.start()
        let url = "http://127.0.0.1:\(server.port)/slow"
        async let answer = HTTPClient().send(HTTPClientRequest(url: url))
        #expect(await scene.began.next() == true)
        async let drained: Void = server.drain(within: .seconds(10))
        scene.release.send(true)
        let response = try await answer
        #expect(response.text == "finished")
        await drained
        await #expect(throws: HTTPClientError.self) {
            try await HTTPClient().send(HTTPClientRequest(url: url, retries: 0))
        }
    }

    @Test func givesUpOnWhatTakesTooLong() async throws {
        let scene = Scene()
        let server = TestServer.make(scene.router)
        try await server.start()
        let url = "http://127.0.0.1:\(server.port)/slow"
        let answers = (0..<5).map { _ in
            Task { try await HTTPClient().send(HTTPClientRequest(url: url, timeout: .seconds(20), retries: 0)) }
        }
        for _ in answers { #expect(await scene.began.next() == true) }
        let began = ContinuousClock.now
        await server.drain(within: .milliseconds(100))
        #expect(ContinuousClock.now - began < .seconds(5))
        for answer in answers { #expect(try await answer.value.status == 503) }
    }

    @Test func endsEventStreamsCleanly() async throws {
        let scene = Scene()
        let server = TestServer.make(scene.router)
        try await server.start()
        let events = HTTPClient().events(HTTPClientRequest(url: "http://127.0.0.1:\(server.port)/events"))
        let reader = Task {
            var seen: [String] = []
            for try await event in events { seen.append(event.data) }
            return seen
        }
        #expect(await scene.began.next() == true)
        await server.drain(within: .seconds(5))
        #expect(try await reader.value == ["first"])
    }

    @Test func aCancelledRunReturnsAndFreesThePort() async throws {
        let scene = Scene()
        let server = TestServer.make(scene.router)
        try await server.start()
        let port = server.port
        let run = Task { try await server.run() }
        run.cancel()
        try await run.value
        let next = TestServer.make(Router(), configure: { $0.listen = .tcp(host: "127.0.0.1", port: port) })
        try await next.start()
        #expect(next.port == port)
        await next.drain(within: .seconds(1))
    }

    @Test func drainingTwiceAndWithoutAStartIsHarmless() async throws {
        let server = TestServer.make(Router())
        await server.drain(within: .seconds(1))
        let other = TestServer.make(Router())
        try await other.start()
        async let first: Void = other.drain(within: .seconds(1))
        async let second: Void = other.drain(within: .seconds(1))
        _ = await (first, second)
        #expect(other.port == 0)
    }
}
