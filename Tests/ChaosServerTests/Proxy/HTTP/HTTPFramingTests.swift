import OpsService
import Testing

@testable import ChaosServer

@Suite("Ends of HTTP/1.1 bodies")
struct HTTPFramingTests {
    private func head(_ first: String, _ fields: [String], isRequest: Bool) throws -> HTTPHead {
        let text = ([first] + fields).map { $0 + "\r\n" }.joined() + "\r\n"
        return try #require(HTTPHead(Array(text.utf8)[...], isRequest: isRequest))
    }

    private func request(_ fields: String..., method: String = "POST") throws -> HTTPFraming? {
        HTTPFraming(request: try self.head("\(method) / HTTP/1.1", fields, isRequest: true))
    }

    private func answer(_ status: Int, _ fields: String..., to method: String = "GET") throws -> HTTPFraming? {
        HTTPFraming(response: try self.head("HTTP/1.1 \(status) X", fields, isRequest: false), to: method)
    }

    @Test("Lengths and chunks")
    func known() throws {
        #expect(try self.request() == HTTPFraming.none)
        #expect(try self.request("Content-Length: 0") == HTTPFraming.none)
        #expect(try self.request("Content-Length: 12") == .length(12))
        #expect(try self.request("Transfer-Encoding: Chunked") == .chunked)
        #expect(try self.answer(200) == .untilClose)
        #expect(try self.answer(200, "Content-Length: 5") == .length(5))
        #expect(try self.answer(200, "Content-Length: 5", to: "HEAD") == HTTPFraming.none)
        for status in [100, 204, 304] { #expect(try self.answer(status, "Content-Length: 5") == HTTPFraming.none) }
    }

    @Test("What could be understood in two ways is not understood")
    func unknown() throws {
        #expect(try self.request("Content-Length: 3", "Transfer-Encoding: chunked") == nil)
        #expect(try self.request("Content-Length: 3", "Content-Length: 4") == nil)
        #expect(try self.request("Content-Length: 3, 3") == nil)
        #expect(try self.request("Content-Length: -1") == nil)
        #expect(try self.request("Content-Length: 99999999999999999999") == nil)
        #expect(try self.request("Transfer-Encoding: gzip, chunked") == nil)
        #expect(try self.request("Transfer-Encoding:") == nil)
        #expect(try self.request("Upgrade: websocket", method: "GET") == nil)
        #expect(try self.request(method: "CONNECT") == nil)
        #expect(try self.answer(101) == nil)
    }

    private static let chunks = "5;x=y\r\nhello\r\nA\r\n0123456789\r\n0\r\nt: v\r\n\r\n"

    @Test("A body in chunks ends where it ends, however it is cut", arguments: 1...40)
    func chunked(seed: Int) {
        var chance = SeededGenerator(seed: UInt64(seed))
        let bytes = Array((Self.chunks + "GET / HTTP/1.1").utf8)
        var body = HTTPBody(.chunked)
        var rest = bytes[...]
        var taken = 0
        while !rest.isEmpty, body.state == .goesOn {
            let part = rest.prefix(Int.random(in: 1...7, using: &chance))
            let count = body.take(part)
            taken += count
            rest = rest.dropFirst(count)
        }
        #expect(body.state == .finished && taken == Self.chunks.utf8.count)
    }

    @Test(
        "Broken chunks are told",
        arguments: [
            "x\r\n", "\r\n", "5\n", "-1\r\n", "1\r\nab", "FFFFFFFFFFFFF\r\n", String(repeating: "1;", count: 600),
        ]
    )
    func broken(text: String) {
        var body = HTTPBody(.chunked)
        _ = body.take(Array((text + "\r\n").utf8)[...])
        #expect(body.state == .broken)
    }

    @Test("A length is followed to its last byte")
    func length() {
        var body = HTTPBody(.length(5))
        #expect(body.take([1, 2, 3]) == 3 && body.state == .goesOn)
        #expect(body.take([4, 5, 6, 7]) == 2 && body.state == .finished)
        #expect(body.take([8]) == 0)
    }
}
