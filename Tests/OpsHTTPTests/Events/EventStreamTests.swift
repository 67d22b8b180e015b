import Glibc
import OpsHTTP
import OpsSystem
import Synchronization
import Testing

@Suite struct EventStreamTests {
    private static func router(_ produce: @escaping @Sendable (EventStream, Int) async -> Void) -> Router {
        var router = Router()
        router.get("/events", summary: "Events.", access: .open) { request in
            let after = request.lastEventID.flatMap { Int($0) } ?? 0
            return .events { stream in await produce(stream, after) }
        }
        return router
    }

    private func url(_ server: HTTPServer) -> String { "http://127.0.0.1:\(server.port)/events" }

    @Test func deliversEveryEventInOrder() async throws {
        let router = Self.router { stream, _ in
            for number in 1...5_000 {
                guard await stream.send(ServerSentEvent(id: "\(number)", data: "event \(number)")) else { return }
            }
        }
        try await TestServer.with(router) { server in
            var expected = 1
            for try await event in HTTPClient().events(HTTPClientRequest(url: url(server))) {
                #expect(event.id == "\(expected)")
                expected += 1
            }
            #expect(expected == 5_001)
        }
    }

    @Test func aReturningReaderGoesOnAfterTheLastEvent() async throws {
        let router = Self.router { stream, after in
            for number in (after + 1)...(after + 3) {
                _ = await stream.send(ServerSentEvent(id: "\(number)", data: "x"))
            }
        }
        try await TestServer.with(router) { server in
            let client = ServiceClient(base: "http://127.0.0.1:\(server.port)")
            var seen: [String] = []
            for try await event in client.events("/events") { seen.append(event.id ?? "") }
            for try await event in client.events("/events", after: seen.last) { seen.append(event.id ?? "") }
            #expect(seen == ["1", "2", "3", "4", "5", "6"])
        }
    }

    @Test func aReaderThatDoesNotReadHoldsTheProducerBack() async throws {
        let full = Signal<Int>()
        let box = Counting()
        let router = Self.router { stream, _ in
            let chunk = [UInt8](repeating: 0x61, count: 10_000)
            while await stream.send(chunk) { box.add(chunk.count) }
            full.send(box.total)
        }
        try await TestServer.with(router) { server in
            let connection = try RawConnection(port: server.port)
            connection.send("GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(await eventually { box.hasStalled })
            #expect(box.total < 8_000_000)
            connection.hangUp()
            #expect(await full.next() != nil)
        }
    }

    @Test func offeringNeverWaits() async throws {
        let result = Signal<EventStream.Offer>()
        let router = Self.router { stream, _ in
            while stream.isOpen {
                let offer = stream.offer([UInt8](repeating: 0x61, count: 20_000))
                guard case .accepted = offer else {
                    result.send(offer)
                    return
                }
            }
        }
        try await TestServer.with(router) { server in
            let connection = try RawConnection(port: server.port)
            connection.send("GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n")
            let offer = await result.next()
            #expect(offer == .full)
        }
    }

    @Test func aLeavingReaderEndsAQuietProducer() async throws {
        let (began, ended) = (Signal<Bool>(), Signal<Bool>())
        let router = Self.router { stream, _ in
            _ = await stream.send(ServerSentEvent(data: "hello"))
            began.send(true)
            do { try await Task.sleep(for: .seconds(60)) } catch {}
            ended.send(Task.isCancelled && !stream.isOpen)
        }
        try await TestServer.with(router) { server in
            let connection = try RawConnection(port: server.port)
            connection.send("GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(await began.next() == true)
            #expect(await connection.read(until: "hello").contains("text/event-stream"))
            connection.hangUp()
            #expect(await ended.next(within: .seconds(5)) == true)
        }
    }

    @Test func droppingTheClientSideEndsTheProducer() async throws {
        let ended = Signal<Bool>()
        let router = Self.router { stream, _ in
            var number = 0
            while await stream.send(ServerSentEvent(id: "\(number)", data: "x")) {
                number += 1
                try? await Task.sleep(for: .milliseconds(1))
            }
            ended.send(true)
        }
        try await TestServer.with(router) { server in
            for try await event in HTTPClient().events(HTTPClientRequest(url: url(server))) where event.id == "3" {
                break
            }
            #expect(await ended.next() == true)
        }
    }

    @Test func tooManyStreamsAreRefused() async throws {
        let began = Signal<Bool>()
        let router = Self.router { stream, _ in
            _ = await stream.send(ServerSentEvent(data: "x"))
            began.send(true)
            while stream.isOpen { try? await Task.sleep(for: .milliseconds(5)) }
        }
        let configure = { (settings: inout HTTPServerConfiguration) in settings.streamLimit = 1 }
        try await TestServer.with(router, configure: configure) { server in
            let first = try RawConnection(port: server.port)
            first.send("GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(await began.next() == true)
            let error = await #expect(throws: RemoteError.self) {
                for try await _ in HTTPClient().events(HTTPClientRequest(url: url(server))) {}
            }
            #expect(error?.status == 503)
            #expect(error?.code == "too_many_streams")
            first.hangUp()
        }
    }
}

/// How much a producer got rid of, and whether it has come to a halt.
private final class Counting: Sendable {
    private let state = Mutex<(total: Int, last: ContinuousClock.Instant)>((0, .now))

    func add(_ count: Int) { state.withLock { $0 = ($0.total + count, .now) } }
    var total: Int { state.withLock { $0.total } }
    var hasStalled: Bool { state.withLock { $0.total > 0 && .now - $0.last > .milliseconds(200) } }
}
