import Glibc
import OpsHTTP
import OpsService
import OpsSystem
import Synchronization
import Testing

@Suite struct SynchronousHTTPListenerTests {
    private static func make(_ handler: @escaping SynchronousHTTPListener.Handler) -> SynchronousHTTPListener {
        SynchronousHTTPListener(
            configuration: HTTPServerConfiguration(
                listen: .tcp(host: "127.0.0.1", port: 0),
                bodyLimit: 1_000,
                name: "stop"
            ),
            logger: .silent,
            handler: handler
        )
    }

    @Test func handsTheRequestOverAndAnswers() async throws {
        let listener = Self.make { method, path, query, headers, body in
            (202, Array("\(method.rawValue) \(path) \(query["wait"] ?? "") \(headers["X-A"] ?? "") \(body.count)".utf8))
        }
        try listener.start()
        defer { listener.stop() }
        let response = try await HTTPClient().send(
            HTTPClientRequest(
                method: .post,
                url: "http://127.0.0.1:\(listener.port)/kill?wait=3s",
                headers: ["X-A": "b"],
                body: Array("{}".utf8)
            )
        )
        #expect(response.status == 202)
        #expect(response.text == "POST /kill 3s b 2")
    }

    @Test func refusesWhatTheServerRefuses() async throws {
        let listener = Self.make { _, _, _, _, _ in (200, Array("reached".utf8)) }
        try listener.start()
        defer { listener.stop() }
        let attacks = [
            ("POST /kill HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", "421"),
            (
                "POST /kill HTTP/1.1\r\nHost: localhost\r\nOrigin: http://evil\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
                "403"
            ),
            ("POST /kill HTTP/1.1\r\nHost: localhost\r\nContent-Length: 500000\r\n\r\n", "413"),
            ("POST /k%00ill HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", "400"),
        ]
        for (bytes, status) in attacks {
            let answer = try await RawConnection.exchange(listener.port, bytes)
            #expect(answer.hasPrefix("HTTP/1.1 \(status)"), "\(answer.prefix(100))")
            #expect(!answer.contains("reached"))
        }
    }

    /// The blockers hold every thread of the task pool until the answer is there, or until they give up.
    @Test func answersWhileTheTaskPoolIsBlocked() async throws {
        let listener = Self.make { _, _, _, _, _ in (200, Array("stopped".utf8)) }
        try listener.start()
        defer { listener.stop() }
        let (port, pool) = (listener.port, BlockedPool())
        startThread(named: "test") {
            pool.waitUntilBlocked()
            pool.release(with: Self.askOnce(port))
        }
        for blocker in pool.block() { await blocker.value }
        #expect(pool.answer?.contains("stopped") == true)
        #expect(!pool.gaveUp)
    }

    private static func askOnce(_ port: Int) -> String {
        guard let connection = try? RawConnection(port: port) else { return "refused" }
        connection.send("POST /kill HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        var buffer = [UInt8](repeating: 0, count: 4_096)
        let count = recv(connection.descriptor, &buffer, buffer.count, 0)
        return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
    }

    @Test func stopFreesThePort() async throws {
        let listener = Self.make { _, _, _, _, _ in (200, []) }
        try listener.start()
        let port = listener.port
        listener.stop()
        listener.stop()
        await #expect(throws: HTTPClientError.self) {
            try await HTTPClient().send(HTTPClientRequest(url: "http://127.0.0.1:\(port)/", retries: 0))
        }
    }
}

/// Tasks that hold all threads of the task pool on purpose.
private final class BlockedPool: Sendable {
    private let running = Atomic(0)
    private let hasGivenUp = Atomic(false)
    private let text = Mutex<String?>(nil)
    private let width = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))

    var answer: String? { text.withLock { $0 } }
    var gaveUp: Bool { hasGivenUp.load(ordering: .acquiring) }

    func block() -> [Task<Void, Never>] {
        (0..<2 * width).map { _ in
            Task.detached { [self] in
                running.add(1, ordering: .acquiringAndReleasing)
                for _ in 0..<5_000 where answer == nil { usleep(1_000) }
                if answer == nil { hasGivenUp.store(true, ordering: .releasing) }
            }
        }
    }

    func waitUntilBlocked() { while running.load(ordering: .acquiring) < width { usleep(100) } }
    func release(with answer: String) { text.withLock { $0 = answer } }
}
