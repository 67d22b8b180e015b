import Glibc
import OpsHTTP
import OpsModel
import OpsService
import OpsSystem
import OpsTestKit
import Testing

@testable import ChaosServer

/// The proxy as a process, between real sockets.
@Suite("A proxy between two ends", .serialized, .timeLimit(.minutes(3)))
struct ProxyTests {
    private func withEcho(_ body: (ProxyBench, Int) async throws -> Void) async throws {
        let server = EchoServer()
        defer { server.stop() }
        try await ProxyBench.with { bench in try await body(bench, try await bench.proxy("p", to: server.port)) }
    }

    private func connect(_ port: Int) throws -> TestSocket { try #require(TestSocket(port: port)) }

    @Test("Megabytes come through whole, with and without toxics, and so does the end of each side")
    func whole() async throws {
        try await self.withEcho { bench, port in
            for round in 0..<2 {
                if round == 1 {
                    try await bench.toxic("latency", ["latency": 20, "jitter": 10], on: "p", stream: "upstream")
                    try await bench.toxic("slicer", ["average_size": 3_000, "size_variation": 2_000], on: "p")
                    try await bench.toxic("bandwidth", ["rate": 8_000], on: "p", stream: "downstream")
                }
                let socket = try self.connect(port)
                var chance = SeededGenerator(seed: 7)
                let bytes = (0..<4_000_000).map { _ in UInt8.random(in: 0...255, using: &chance) }
                startThread(named: "sender") {
                    socket.send(bytes)
                    socket.finish()
                }
                let answer = socket.receive(.max)
                #expect(answer.error == 0 && answer.bytes == bytes, "round \(round): \(answer.bytes.count) bytes")
            }
        }
    }

    @Test("A latency is felt at once by connections that are open, and is over when its time is")
    func timeToLive() async throws {
        try await self.withEcho { bench, port in
            let socket = try self.connect(port)
            #expect(try #require(socket.roundTrip()) < 50)
            try await bench.toxic("latency", ["latency": 100], on: "p", ttlS: 1)
            let slow = try #require(socket.roundTrip())
            #expect(slow >= 100)
            try await eventually("the toxic is over") { try #require(socket.roundTrip()) < 50 }
            let left = try await bench.ask(.get, "/proxies/p/toxics")
            #expect(left.body == [])
        }
    }

    @Test("Nothing gets through, and the connection ends or is reset when it is time to")
    func endings() async throws {
        try await self.withEcho { bench, port in
            try await bench.toxic("timeout", ["timeout": 200], on: "p")
            let silent = try self.connect(port)
            silent.send([1])
            let begin = BootClock.now()
            #expect(silent.receive(1) == ([], 0))
            #expect(BootClock.now() - begin > 100_000_000)
            try await bench.ask(.post, "/reset")
            try await bench.toxic("reset_peer", ["timeout": 100], on: "p")
            let reset = try self.connect(port)
            reset.send([1])
            #expect(reset.receive(1).error == ECONNRESET)
            try await bench.ask(.post, "/reset")
            try await bench.toxic("limit_data", ["bytes": 3], on: "p")
            let limited = try self.connect(port)
            limited.send([1, 2, 3, 4, 5])
            #expect(limited.receive(5) == ([1, 2, 3], 0))
        }
    }

    @Test("What was held back without an end of its own goes on when the toxic is gone")
    func heldBack() async throws {
        try await self.withEcho { bench, port in
            try await bench.toxic("timeout", ["timeout": 0], on: "p", stream: "upstream")
            let socket = try self.connect(port)
            socket.send([1])
            socket.finish()
            let metrics = HTTPClientRequest(url: "\(bench.base)/metrics", timeout: .seconds(1))
            try await eventually("it has been taken") {
                let text = String(decoding: try await HTTPClient().send(metrics).body, as: UTF8.self)
                return text.contains(#"chaos_proxy_received_bytes_total{proxy="p",direction="upstream"} 1"#)
            }
            try await bench.ask(.delete, "/proxies/p/toxics/timeout_upstream")
            #expect(socket.receive(1) == ([], 0))  // what was sent meanwhile is lost, as with toxiproxy
        }
    }

    @Test("A server that hangs keeps neither the API nor other connections waiting")
    func hungUpstream() async throws {
        let (deaf, echo) = (EchoServer(isDeaf: true), EchoServer())
        defer {
            deaf.stop()
            echo.stop()
        }
        try await ProxyBench.with { bench in
            let hung = try await bench.proxy("hung", to: deaf.port)
            let well = try await bench.proxy("well", to: echo.port)
            let waiting = try (0..<100).map { _ in try self.connect(hung) }
            // More than anybody's buffers hold, until nothing is taken any more.
            for socket in waiting.prefix(4) {
                socket.descriptor.setNonBlocking()
                let chunk = [UInt8](repeating: 1, count: 1 << 20)
                while chunk.withUnsafeBytes({
                    send(socket.descriptor.raw, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }) > 0 {}
            }
            let begin = BootClock.now()
            let answer = try await bench.ask(.get, "/proxies")
            #expect(answer.status == 200 && answer.body.objectValue?.count == 2)
            #expect(try self.connect(well).roundTrip() != nil)
            #expect(BootClock.now() - begin < 1_000_000_000)
            let worker = try #require(bench.worker)
            let sample = try #require(ProcessSample.read(pid: worker))
            #expect(sample.rssBytes < 200 << 20)
        }
    }

    @Test("Nobody behind it: the client is reset. Switched off: it is refused, and who was connected is not any more")
    func down() async throws {
        try await ProxyBench.with { bench in
            let nobody = try await bench.proxy("nobody", to: FreePort.take())
            #expect(try self.connect(nobody).receive(1).error == ECONNRESET)
        }
        try await self.withEcho { bench, port in
            let socket = try self.connect(port)
            #expect(socket.roundTrip() != nil)
            let off = try await bench.ask(.post, "/proxies/p", ["enabled": false])
            #expect(off.status == 200 && off.body["enabled"] == false)
            #expect(socket.roundTrip() == nil)
            #expect(TestSocket(port: port) == nil)
            let on = try await bench.ask(.patch, "/proxies/p", ["enabled": true])
            #expect(on.body["listen"] == .string("127.0.0.1:\(port)"))
            #expect(try self.connect(port).roundTrip() != nil)
            let gone = try await bench.ask(.delete, "/proxies/p")
            #expect(gone.status == 204)
            #expect(TestSocket(port: port) == nil)
        }
    }

    @Test("A share of the connections has a toxic, the same ones with the same seed")
    func toxicity() async throws {
        var runs: [[Bool]] = []
        for _ in 0..<2 {
            try await self.withEcho { bench, port in
                let toxic: JSONValue = [
                    "name": "half", "type": "latency", "toxicity": 0.5, "attributes": ["latency": 150], "ttl_s": 30,
                ]
                let answer = try await bench.ask(.post, "/proxies/p/toxics", toxic)
                #expect(answer.body["toxicity"] == 0.5)
                var slow: [Bool] = []
                for _ in 0..<20 { slow.append(try #require(try self.connect(port).roundTrip()) >= 150) }
                runs.append(slow)
            }
        }
        #expect(runs[0] == runs[1])
        #expect((3...17).contains(runs[0].count { $0 }))
    }

    @Test("A list of proxies makes those that are not there, and a reset takes all toxics away")
    func populate() async throws {
        try await self.withEcho { bench, port in
            let list: JSONValue = [
                ["name": "p", "listen": .string("127.0.0.1:\(port)"), "upstream": "127.0.0.1:9"],
                ["name": "q", "upstream": "127.0.0.1:9", "enabled": false],
            ]
            let made = try await bench.ask(.post, "/populate", list)
            #expect(made.status == 201 && made.body["proxies"]?.arrayValue?.count == 2)
            #expect(made.body["proxies"]?.arrayValue?.first?["upstream"] == "127.0.0.1:9")
            try await bench.toxic("latency", ["latency": 1], on: "q")
            let reset = try await bench.ask(.post, "/reset")
            #expect(reset.status == 204)
            let after = try await bench.ask(.get, "/proxies/q")
            #expect(after.body["enabled"] == true && after.body["toxics"] == [])
        }
    }

    @Test("Without a key nothing is answered, nor to a page of somebody else's; a key may be a password")
    func authentication() async throws {
        try await self.withEcho { bench, _ in
            let body = try OpsJSON.encode(["type": "latency"] as JSONValue)
            for (method, path) in [
                (HTTPMethod.get, "/proxies"), (.post, "/proxies"), (.get, "/proxies/p"), (.post, "/proxies/p"),
                (.patch, "/proxies/p"), (.delete, "/proxies/p"), (.post, "/populate"), (.post, "/reset"),
                (.get, "/proxies/p/toxics"), (.post, "/proxies/p/toxics"), (.get, "/proxies/p/toxics/x"),
                (.post, "/proxies/p/toxics/x"), (.delete, "/proxies/p/toxics/x"),
            ] {
                let bytes = method == .post || method == .patch ? body : []
                for headers: HTTPHeaders in [[:], ["Authorization": "Bearer nobody"], ["Authorization": "Basic YTpi"]] {
                    let answer = try await bench.send(method, path, bytes, headers: headers)
                    #expect(answer.status == 401, "\(method) \(path)")
                }
            }
            let basic = Self.base64(Array("user:\(bench.key)".utf8))
            let known = try await bench.send(.get, "/proxies", [], headers: ["Authorization": "Basic \(basic)"])
            #expect(known.status == 200)
            let foreign: HTTPHeaders = ["Authorization": "Basic \(basic)", "Origin": "http://elsewhere.example"]
            let page = try await bench.send(.post, "/reset", [], headers: foreign)
            #expect(page.status == 403)
        }
    }

    private static func base64(_ bytes: [UInt8]) -> String {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        let text = stride(from: 0, to: bytes.count, by: 3).map { start -> String in
            let group = (0..<3).map { start + $0 < bytes.count ? UInt32(bytes[start + $0]) : 0 }
            let number = group[0] << 16 | group[1] << 8 | group[2]
            let count = min(3, bytes.count - start)
            return String((0..<4).map { $0 <= count ? letters[Int(number >> UInt32(18 - 6 * $0) & 63)] : "=" })
        }
        return text.joined()
    }

    @Test("Where there is no file of keys, one is made with its key beside it, once")
    func firstKey() async throws {
        let folder = try TemporaryDirectory()
        var keys: [String] = []
        for _ in 0..<2 {
            let port = FreePort.take()
            let process = try Spawn(
                path: ChaosLab.program,
                arguments: ["proxy", "--keys", "keys.json", "--listen", "127.0.0.1:\(port)", "--log-level", "error"],
                directory: folder.path
            ).start()
            let url = "http://127.0.0.1:\(port)/proxies"
            try await eventually("it answers") {
                let key = try? FileSystem.text(folder.file("proxy.key")).split(separator: "\n").first.map(String.init)
                let request = HTTPClientRequest(url: url, timeout: .seconds(1), key: key ?? "", retries: 0)
                return (try? await HTTPClient().send(request))?.isSuccess == true
            }
            keys.append(try FileSystem.text(folder.file("proxy.key")))
            await process.stop()
        }
        #expect(keys[0] == keys[1])
        var status = stat()
        for name in ["proxy.key", "keys.json"] {
            #expect(stat(folder.file(name), &status) == 0 && status.st_mode & 0o777 == 0o600)
        }
        #expect(try !FileSystem.text(folder.file("keys.json")).contains(keys[0].dropLast()))
    }

    @Test("Nonsense is refused and changes nothing")
    func nonsense() async throws {
        try await self.withEcho { bench, port in
            let before = try await bench.ask(.get, "/proxies")
            let cases: [(HTTPMethod, String, JSONValue, Int)] = [
                (.post, "/proxies", [:], 400), (.post, "/proxies", [], 400), (.post, "/proxies", ["name": "a/b"], 400),
                (.post, "/proxies", ["name": "q"], 400),
                (.post, "/proxies", ["name": "q", "upstream": "nowhere"], 400),
                (.post, "/proxies", ["name": "q", "upstream": "a..b.invalid:80"], 400),
                (.post, "/proxies", ["name": "p", "upstream": "127.0.0.1:9"], 409),
                (
                    .post, "/proxies",
                    ["name": "q", "listen": .string("127.0.0.1:\(port)"), "upstream": "127.0.0.1:9"], 409
                ),
                (.post, "/proxies/p", ["enabled": "yes"], 400), (.post, "/proxies/x", ["enabled": false], 404),
                (.post, "/proxies/p/toxics", ["type": "noise"], 400),
                (.post, "/proxies/p/toxics", ["type": "latency", "stream": "sideways"], 400),
                (.post, "/proxies/p/toxics", ["type": "latency", "toxicity": 2], 400),
                (.post, "/proxies/p/toxics", ["type": "latency", "ttl_s": -1], 400),
                (.post, "/proxies/p/toxics", ["type": "latency", "ttl_s": 1e9], 400),
                (.post, "/proxies/p/toxics", ["type": "latency", "attributes": ["latency": "much"]], 400),
                (.post, "/proxies/x/toxics", ["type": "latency"], 404),
                (.post, "/proxies/p/toxics/x", ["attributes": [:]], 404), (.post, "/populate", [:], 400),
            ]
            for (method, path, body, status) in cases {
                let answer = try await bench.ask(method, path, body)
                #expect(answer.status == status, "\(path) \(body): \(answer.body)")
                #expect(answer.body["error"]?.stringValue?.isEmpty == false)
            }
            let key: HTTPHeaders = ["Authorization": "Bearer \(bench.key)"]
            let torn = try await bench.send(.post, "/proxies", Array("{".utf8), headers: key)
            #expect(torn.status == 400)
            let after = try await bench.ask(.get, "/proxies")
            #expect(after.body == before.body)
        }
    }

    /// Only who says so goes without the client.
    private static let python = ".build/clients/bin/python"
    private static let isLeftOut = access(python, X_OK) != 0 && getenv("OPSLAB_ALLOW_NO_MCP") != nil

    @Test(
        "A client library that was written for toxiproxy works",
        .disabled(if: isLeftOut, "OPSLAB_ALLOW_NO_MCP: the client is not installed")
    )
    func clientLibrary() async throws {
        try #require(access(Self.python, X_OK) == 0, "the client is not installed: scripts/bootstrap --test")
        let server = EchoServer()
        defer { server.stop() }
        try await ProxyBench.with { bench in
            let output = try await run(
                Self.python,
                ["Tests/toxiproxy/drive.py", bench.base, bench.key, "\(server.port)"],
                environment: ["PATH": "/usr/bin:/bin"],
                within: .seconds(60)
            )
            #expect(output.status.isSuccess, "\(output.errorText)")
            #expect(output.text == "all as a client of toxiproxy expects")
        }
    }
}
