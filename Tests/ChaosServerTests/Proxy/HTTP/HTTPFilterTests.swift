import OpsModel
import OpsService
import Testing

@testable import ChaosServer

@Suite("Requests and answers that are followed")
struct HTTPFilterTests {
    private static let get = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n"
    private static let post = "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello"
    private static let right = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX: y\r\n\r\nright"

    /// A connection, told by what came and what went on.
    private struct Talk {
        var filter: HTTPFilter
        var toServer = ""
        var toClient = ""
        var ends: [String] = []

        mutating func client(_ text: String) { self.note(self.filter.fromClient(Array(text.utf8)[...])) }
        mutating func server(_ text: String) { self.note(self.filter.fromServer(Array(text.utf8)[...])) }
        mutating func clientEnds() { self.note(self.filter.clientEnded()) }
        mutating func serverEnds() { self.note(self.filter.serverEnded()) }

        mutating func note(_ output: HTTPFilter.Output) {
            self.toServer += String(decoding: output.toServer, as: UTF8.self)
            self.toClient += String(decoding: output.toClient, as: UTF8.self)
            if output.endsServer { self.ends.append("server") }
            if output.endsClient { self.ends.append("client") }
            if self.filter.canResume { self.note(self.filter.resume()) }
        }
    }

    private func talk(
        _ toxics: [(Toxic.Stream, String, [String: JSONValue], share: Double)],
        isFresh: Bool = true,
        serverSpokeLast: Bool = false,
        seed: UInt64 = 7
    ) throws -> Talk {
        let lots = RequestLots(chance: SeededGenerator(seed: seed))
        var filter = HTTPFilter(lots: lots, isFresh: isFresh, serverSpokeLast: serverSpokeLast)
        filter.toxics = try toxics.enumerated().map { index, toxic in
            Toxic(
                name: "t\(index)",
                stream: toxic.0,
                toxicity: toxic.share,
                effect: try ToxicEffect(type: toxic.1, attributes: toxic.2),
                expires: .max,
                revision: index
            )
        }
        return Talk(filter: filter)
    }

    private func own(_ status: String = "503 Service Unavailable", body: String = "", closes: Bool = false) -> String {
        "HTTP/1.1 \(status)\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: \(body.utf8.count)\r\n"
            + (closes ? "connection: close\r\n" : "") + "\r\n" + body
    }

    @Test("A request is answered here, the server sees nothing of it, and the connection goes on")
    func answersItself() throws {
        var talk = try self.talk([(.upstream, "http_status", ["method": "POST", "body": "no"], share: 1)])
        talk.client(Self.post)
        #expect(talk.toServer.isEmpty && talk.toClient == self.own(body: "no") && talk.filter.isIdle)
        talk.toClient = ""
        talk.client(Self.get)
        talk.server(Self.right)
        #expect(talk.toServer == Self.get && talk.toClient == Self.right && talk.filter.isIdle && talk.ends.isEmpty)
    }

    @Test("The server does the work, and the client is told something else")
    func changesAnswers() throws {
        var status = try self.talk([(.downstream, "http_status", ["status": 500], share: 1)])
        status.client(Self.post)
        status.server(Self.right)
        #expect(status.toServer == Self.post)
        #expect(status.toClient == "HTTP/1.1 500 Internal Server Error\r\ncontent-length: 5\r\nx: y\r\n\r\nright")
        var body = try self.talk([(.downstream, "http_body", ["body": "wrong!"], share: 1)])
        body.client(Self.get)
        body.server("HTTP/1.1 201 Made\r\nTransfer-Encoding: chunked\r\nContent-Type: a/b\r\n\r\n5\r\nri")
        body.server("ght\r\n0\r\n\r\n")
        #expect(body.toClient == "HTTP/1.1 201 \r\ncontent-type: a/b\r\ncontent-length: 6\r\n\r\nwrong!")
        #expect(body.filter.isIdle)
    }

    @Test("Answers without a body stay without one")
    func emptyAnswers() throws {
        var talk = try self.talk([(.downstream, "http_body", ["body": "x"], share: 1)])
        let (none, head) = ("HTTP/1.1 204 No\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n")
        talk.client(Self.get)
        talk.server(none)
        talk.client("HEAD /a HTTP/1.1\r\n\r\n")
        talk.server(head)
        #expect(talk.toClient == none + head && talk.filter.isIdle)
        var own = try self.talk([(.upstream, "http_status", ["body": "long"], share: 1)])
        own.client("HEAD /a HTTP/1.1\r\n\r\n")
        #expect(own.toClient.hasSuffix("content-length: 4\r\n\r\n"))
        var made = try self.talk([(.downstream, "http_status", [:], share: 1)])
        made.client(Self.get)
        made.server(none)
        #expect(made.toClient == "HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n")
    }

    @Test("However the bytes are cut, the same goes on", arguments: 1...60)
    func cuts(seed: Int) throws {
        let toxics: [(Toxic.Stream, String, [String: JSONValue], share: Double)] = [
            (.upstream, "http_status", ["path": "/own"], share: 1),
            (.downstream, "http_body", ["path": "/bad", "body": "b"], share: 1),
        ]
        var chance = SeededGenerator(seed: UInt64(seed))
        var talk = try self.talk(toxics)
        var expected = (server: "", client: "")
        for path in ["/own", "/bad", "/fine", "/own", "/fine"] {
            let request = "POST \(path) HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
            let answer = "HTTP/1.1 100 Continue\r\n\r\n" + Self.right
            for part in Self.parts(request, &chance) { talk.client(part) }
            if path == "/own" {
                expected.client += self.own()
                continue
            }
            expected.server += request
            for part in Self.parts(answer, &chance) { talk.server(part) }
            expected.client +=
                path == "/fine"
                ? answer : "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nx: y\r\ncontent-length: 1\r\n\r\nb"
        }
        #expect(talk.toServer == expected.server, "seed \(seed)")
        #expect(talk.toClient == expected.client, "seed \(seed)")
        #expect(talk.filter.isIdle && talk.ends.isEmpty)
    }

    private static func parts(_ text: String, _ chance: inout SeededGenerator) -> [String] {
        var rest = text[...]
        var parts: [String] = []
        while !rest.isEmpty {
            let count = Int.random(in: 1...30, using: &chance)
            // A line break is one character of two bytes, and is cut as such; a byte apart is cut by the socket tests.
            parts.append(String(rest.prefix(count)))
            rest = rest.dropFirst(count)
        }
        return parts
    }

    @Test("What a client sends ahead is answered in its order, one at a time")
    func pipelining() throws {
        var talk = try self.talk([(.upstream, "http_status", ["path": "/own"], share: 1)])
        let own = "GET /own HTTP/1.1\r\n\r\n"
        talk.client(Self.get + own + own + Self.get)
        #expect(talk.toServer == Self.get && talk.toClient.isEmpty && talk.filter.isHolding)
        talk.server(Self.right)
        #expect(talk.toServer == Self.get + Self.get)
        #expect(talk.toClient == Self.right + self.own() + self.own())
        talk.server(Self.right)
        #expect(talk.toClient.hasSuffix(Self.right) && talk.filter.isIdle)
    }

    @Test("A client that has finished is answered first, and its end is handed on after what it had sent")
    func clientEnds() throws {
        var talk = try self.talk([(.upstream, "http_status", ["path": "/own"], share: 1)])
        talk.client(Self.get + "GET /own HTTP/1.1\r\n\r\n")
        talk.clientEnds()
        #expect(talk.ends.isEmpty)
        talk.server(Self.right)
        #expect(talk.toClient == Self.right + self.own() && talk.ends == ["server"])
        var half = try self.talk([(.upstream, "http_status", [:], share: 1)])
        half.client("GET / HT")
        half.clientEnds()
        #expect(half.toServer == "GET / HT" && half.ends == ["server"])
        var torn = try self.talk([(.upstream, "http_status", [:], share: 1)])
        torn.client("POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nhalf")
        torn.clientEnds()
        #expect(torn.toServer.isEmpty && torn.toClient.isEmpty && torn.ends == ["server", "client"])
    }

    @Test("Whoever closes is told so: after a body that might not come, in version 1.0, and when asked to")
    func closing() throws {
        for head in [
            "POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 0\r\n\r\n", "GET / HTTP/1.0\r\n\r\n",
            "GET / HTTP/1.1\r\nConnection: Close\r\n\r\n",
        ] {
            var talk = try self.talk([(.upstream, "http_status", [:], share: 1)])
            talk.client(head)
            #expect(talk.toClient == self.own(closes: true) && talk.ends == ["client"])
            talk.client(Self.get)
            talk.server(Self.right)
            #expect(talk.toServer.isEmpty && talk.toClient == self.own(closes: true))
            talk.clientEnds()
            #expect(talk.ends == ["client", "server"])
        }
    }

    @Test("An answer that lasts until the connection ends does so, whatever became of its body")
    func untilClose() throws {
        for (toxics, expected) in [
            ([], "HTTP/1.1 200 OK\r\n\r\nlong"),
            (
                [(.downstream, "http_body", ["body": "b"], 1)],
                "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 1\r\n\r\nb"
            ),
        ] as [([(Toxic.Stream, String, [String: JSONValue], Double)], String)] {
            var talk = try self.talk(toxics.map { ($0.0, $0.1, $0.2, share: $0.3) })
            talk.client(Self.get)
            talk.server("HTTP/1.1 200 OK\r\n\r\nlo")
            talk.server("ng")
            talk.serverEnds()
            #expect(talk.toClient == expected && talk.ends == ["client"])
        }
    }

    @Test(
        "What cannot be followed passes untouched, for good",
        arguments: [
            "x", "\u{16}\u{3}", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "GET /ws HTTP/1.1\r\nUpgrade: websocket\r\n\r\n",
            "CONNECT h:1 HTTP/1.1\r\n\r\n",
            "POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
            "GET / HTTP/1.1\n\n", "GET / HTTP/1.1\r\nX: " + String(repeating: "y", count: 40_000),
        ]
    )
    func untouched(text: String) throws {
        var talk = try self.talk([
            (.upstream, "http_status", [:], share: 1), (.downstream, "http_status", [:], share: 1),
        ])
        talk.client(text)
        #expect(talk.toServer == text)
        talk.server("HTTP/1.1 101 Switching Protocols\r\n\r\nabc")
        talk.client(Self.get)
        #expect(talk.toServer == text + Self.get && talk.toClient == "HTTP/1.1 101 Switching Protocols\r\n\r\nabc")
    }

    @Test("A server that speaks first, or another language, is not held up")
    func foreignServer() throws {
        var first = try self.talk([(.downstream, "http_status", [:], share: 1)])
        first.server("220 mail\r\n")
        #expect(first.toClient == "220 mail\r\n")
        var other = try self.talk([(.downstream, "http_status", [:], share: 1)])
        other.client(Self.get)
        other.server("nonsense")
        other.client(Self.get)
        #expect(other.toClient == "nonsense" && other.toServer == Self.get + Self.get)
        var upgraded = try self.talk([(.downstream, "http_status", [:], share: 1)])
        upgraded.client(Self.get)
        upgraded.server("HTTP/1.1 101 Switching Protocols\r\n\r\nframes")
        #expect(upgraded.toClient == "HTTP/1.1 101 Switching Protocols\r\n\r\nframes")
    }

    @Test("Begun in the middle, it waits for a request that follows an answer")
    func joining() throws {
        let toxics = [(Toxic.Stream.upstream, "http_status", [String: JSONValue](), share: 1.0)]
        var early = try self.talk(toxics, isFresh: false)
        early.client(Self.get)
        #expect(early.toServer == Self.get)
        early.server(Self.right)
        early.client(Self.get)
        #expect(early.toServer == Self.get && early.toClient == Self.right + self.own())
        var body = try self.talk(toxics, isFresh: false, serverSpokeLast: true)
        body.client("the rest of a body")
        #expect(body.toServer == "the rest of a body" && body.filter.isIdle)
    }

    @Test("With a share one seed draws the same requests, whichever connections they come by")
    func shares() throws {
        func answers(seed: UInt64, connections: Int) throws -> [Bool] {
            let lots = RequestLots(chance: SeededGenerator(seed: seed))
            let toxic = Toxic(
                name: "t",
                stream: .upstream,
                toxicity: 0.3,
                effect: try ToxicEffect(type: "http_status", attributes: ["path": "/a"]),
                expires: .max,
                revision: 1
            )
            var filters = (0..<connections).map { _ in HTTPFilter(lots: lots, isFresh: true, serverSpokeLast: false) }
            return (0..<200).map { turn in
                filters[turn % connections].toxics = [toxic]
                _ = filters[turn % connections].fromClient(Array("GET /other HTTP/1.1\r\n\r\n".utf8)[...])
                _ = filters[turn % connections].fromServer(Array(Self.right.utf8)[...])
                let output = filters[turn % connections].fromClient(Array(Self.get.utf8)[...])
                if output.toClient.isEmpty { _ = filters[turn % connections].fromServer(Array(Self.right.utf8)[...]) }
                return !output.toClient.isEmpty
            }
        }
        let drawn = try answers(seed: 1, connections: 1)
        #expect((40...80).contains(drawn.count { $0 }))
        #expect(try answers(seed: 1, connections: 1) == drawn)
        #expect(try answers(seed: 1, connections: 7) == drawn)
        #expect(try answers(seed: 2, connections: 1) != drawn)
    }
}
