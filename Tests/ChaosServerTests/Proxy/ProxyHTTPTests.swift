import OpsHTTP
import OpsModel
import OpsService
import OpsSystem
import OpsTestKit
import Synchronization
import Testing

@testable import ChaosServer

/// Wrong answers from a proxy as a process, before a real HTTP server.
@Suite("A proxy before an HTTP server", .serialized, .timeLimit(.minutes(2)))
struct ProxyHTTPTests {
    private static let served = Mutex(0)

    private static func next() -> Int {
        self.served.withLock { count in
            count += 1
            return count
        }
    }

    private func withServer(_ options: [String] = [], _ body: (ProxyBench, Int) async throws -> Void) async throws {
        Self.served.withLock { $0 = 0 }
        var router = Router()
        for (method, path) in [(HTTPMethod.get, "/fine"), (.post, "/charges"), (.get, "/charges/{id}")] {
            router.add(
                Route(method, path, summary: "Counts.", access: .open) { _ in
                    .plainJSON(["n": JSONValue.int(Self.next())])
                }
            )
        }
        let server = HTTPServer(
            configuration: HTTPServerConfiguration(listen: .tcp(host: "127.0.0.1", port: 0), name: "shop"),
            router: router,
            logger: Logger(label: "test", level: .error),
            metrics: MetricsRegistry()
        )
        try await server.start()
        try await ProxyBench.with(options) { bench in try await body(bench, try await bench.proxy("p", to: server.port))
        }
        await server.drain(within: .seconds(1))
    }

    private func connect(_ port: Int) throws -> TestSocket { try #require(TestSocket(port: port)) }

    /// Asks on a connection that stays open, and gives status and body.
    private func ask(_ socket: TestSocket, _ line: String, body: String = "") throws -> (status: Int, body: String) {
        let length = body.isEmpty ? "" : "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n"
        socket.send(Array("\(line) HTTP/1.1\r\nHost: 127.0.0.1\r\n\(length)\r\n\(body)".utf8))
        return try self.answer(socket)
    }

    private func answer(_ socket: TestSocket) throws -> (status: Int, body: String) {
        var head: [UInt8] = []
        while !head.suffix(4).elementsEqual("\r\n\r\n".utf8) {
            let next = socket.receive(1)
            try #require(!next.bytes.isEmpty, "the connection ended: \(String(decoding: head, as: UTF8.self))")
            head += next.bytes
        }
        let lines = String(decoding: head, as: UTF8.self).lowercased().split(separator: "\r\n")
        let status = try #require(lines[0].split(separator: " ").dropFirst().first.flatMap { Int($0) })
        let length =
            lines.first { $0.hasPrefix("content-length:") }?.split(separator: " ").last.flatMap { Int($0) } ?? 0
        return (status, String(decoding: socket.receive(length).bytes, as: UTF8.self))
    }

    @Test("A connection that is open feels it at once, goes on rightly, and is left alone when the time is over")
    func oneConnection() async throws {
        try await self.withServer { bench, port in
            let socket = try self.connect(port)
            #expect(try self.ask(socket, "GET /fine").status == 200)
            let attributes: JSONValue = ["status": 500, "path": "/charges", "method": "POST", "body": "{\"no\": 1}"]
            try await bench.toxic("http_status", attributes, on: "p", stream: "upstream", ttlS: 2)
            let wrong = try self.ask(socket, "POST /charges", body: "{\"amount\": 1}")
            #expect(wrong == (500, "{\"no\": 1}"))
            #expect(try self.ask(socket, "GET /charges/1").body == #"{"n":2}"#)
            socket.send(
                Array("POST /charges HTTP/1.1\r\nHost: a\r\n\r\nGET /fine HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".utf8)
            )
            #expect(try self.answer(socket).status == 500)
            #expect(try self.answer(socket).body == #"{"n":3}"#)
            try await eventually("the time is over") {
                try self.ask(socket, "POST /charges", body: "{}").status == 200
            }
        }
    }

    @Test("The server has done the work when only its answer is changed, and latency comes on top")
    func changedAnswers() async throws {
        try await self.withServer { bench, port in
            try await bench.toxic("http_body", ["body": "garbled"], on: "p")
            try await bench.toxic("latency", ["latency": 150], on: "p")
            let socket = try self.connect(port)
            let begin = BootClock.now()
            #expect(try self.ask(socket, "POST /charges", body: "{}") == (200, "garbled"))
            #expect(BootClock.now() - begin >= 150_000_000)
            #expect(Self.served.withLock { $0 } == 1)
            let listed = try await bench.ask(.get, "/proxies/p/toxics/http_body_downstream")
            #expect(listed.body["attributes"] == ["body": "garbled", "path": "/"])
            let changed = try await bench.ask(
                .post,
                "/proxies/p/toxics/http_body_downstream",
                ["attributes": ["path": "/nowhere"], "ttl_s": 30]
            )
            #expect(changed.status == 200)
            #expect(try self.ask(socket, "GET /fine").body == #"{"n":2}"#)
        }
    }

    @Test("One seed draws the same requests twice, another one others")
    func seeds() async throws {
        var runs: [[Bool]] = []
        for seed in ["1", "1", "2"] {
            try await self.withServer(["--seed", seed]) { bench, port in
                let toxic: JSONValue = [
                    "type": "http_status", "stream": "upstream", "toxicity": 0.4, "ttl_s": 60,
                    "attributes": ["path": "/charges"],
                ]
                let made = try await bench.ask(.post, "/proxies/p/toxics", toxic)
                #expect(made.status == 200)
                var socket = try self.connect(port)
                runs.append(
                    try (0..<60).map { turn in
                        if turn % 20 == 19 { socket = try self.connect(port) }
                        #expect(try self.ask(socket, "GET /fine").status == 200)
                        return try self.ask(socket, "GET /charges/\(turn)").status == 503
                    }
                )
            }
        }
        #expect(runs[0] == runs[1] && runs[0] != runs[2])
        #expect((10...38).contains(runs[0].count { $0 }))
    }

    @Test("Attributes that make no sense are refused and change nothing")
    func nonsense() async throws {
        try await self.withServer { bench, port in
            for attributes: JSONValue in [["status": 204], ["path": "x"], ["method": "get"], ["share": 1], ["body": 1]]
            {
                let toxic: JSONValue = ["type": "http_status", "attributes": attributes]
                let refused = try await bench.ask(.post, "/proxies/p/toxics", toxic)
                #expect(refused.status == 400)
            }
            #expect(try self.ask(try self.connect(port), "GET /fine").status == 200)
        }
    }
}
