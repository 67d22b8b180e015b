import OpsService
import Testing

@testable import ChaosServer

@Suite("Heads of HTTP/1.1")
struct HTTPHeadTests {
    private func look(_ text: String, isRequest: Bool = true) -> HTTPHead.Look {
        HTTPHead.look(at: Array(text.utf8)[...], isRequest: isRequest, from: 0)
    }

    private func head(_ text: String, isRequest: Bool = true) -> HTTPHead? {
        HTTPHead(Array(text.utf8)[...], isRequest: isRequest)
    }

    @Test("A head is known by its end, however it is cut, and nothing behind it counts")
    func cuts() throws {
        let text = "POST /a?b HTTP/1.1\r\nHost: x\r\nContent-Length:  3 \r\n\r\n"
        let bytes = Array((text + "abc").utf8)
        var searched = 0
        for count in 0..<bytes.count {
            let look = HTTPHead.look(at: bytes[..<count], isRequest: true, from: searched)
            #expect(look == (count < text.utf8.count ? .unfinished : .complete(text.utf8.count)), "\(count)")
            searched = count
        }
        let head = try #require(self.head(text))
        #expect(head.words == ["POST", "/a?b", "HTTP/1.1"])
        #expect(head.fields.map(\.name) == ["host", "content-length"] && head.fields[1].value == "3")
    }

    @Test(
        "What is no head is told at its first wrong byte: nobody waits for a line that never ends",
        arguments: [
            "x", "GETT\r", "PING\r", "G E", "get /", "\u{16}\u{3}\u{1}", "CONNECT a", "GET /\n",
            "A-VERY-LONG-METHOD-NAME",
        ]
    )
    func foreign(text: String) { #expect(self.look(text) == .foreign) }

    @Test("A head that is too long is nobody's")
    func limit() {
        let line = "GET / HTTP/1.1\r\nx: " + String(repeating: "y", count: HTTPHead.limit)
        #expect(self.look(line) == .foreign)
        #expect(self.look(line + "\r\n\r\n") == .foreign)
        #expect(
            self.look("HTTP/1.1 200 OK\r\nx: " + String(repeating: "y", count: 100), isRequest: false) == .unfinished
        )
    }

    @Test(
        "Heads that two readers could understand differently are not read at all",
        arguments: [
            "GET / HTTP/2.0\r\n\r\n", "GET /\r\n\r\n", "GET /a b HTTP/1.1\r\n\r\n",
            "GET / HTTP/1.1\r\nno colon\r\n\r\n",
            "GET / HTTP/1.1\r\n folded: x\r\n\r\n", "GET / HTTP/1.1\r\nbad name: x\r\n\r\n",
            "GET / HTTP/1.1\r\n: x\r\n\r\n",
            "GET / HTTP/1.1\r\nx: \0\r\n\r\n",
        ]
    )
    func ambiguous(text: String) { #expect(self.head(text) == nil) }

    @Test("An answer has a version and a status")
    func answers() {
        #expect(self.head("HTTP/1.1 200 OK\r\n\r\n", isRequest: false)?.words == ["HTTP/1.1", "200", "OK"])
        #expect(self.head("HTTP/1.1 404\r\n\r\n", isRequest: false) != nil)
        for text in [
            "HTTP/1.1 20 OK\r\n\r\n", "HTTP/1.1 999 X\r\n\r\n", "HTTP/1.1 abc X\r\n\r\n", "HTTP/1.2 200 X\r\n\r\n",
        ] {
            #expect(self.head(text, isRequest: false) == nil)
        }
    }

    @Test("Nonsense of every kind ends nowhere but in these answers", arguments: 1...200)
    func noise(seed: Int) {
        var chance = SeededGenerator(seed: UInt64(seed))
        let letters = Array("GET / HTTP/1.1\r\n\r\n: x\0\n".utf8)
        let bytes = (0..<Int.random(in: 0...80, using: &chance)).map { _ in letters.randomElement(using: &chance) ?? 0 }
        if case .complete(let count) = HTTPHead.look(at: bytes[...], isRequest: true, from: 0) {
            #expect(count <= bytes.count)
            _ = HTTPHead(bytes.prefix(count), isRequest: true)
        }
    }
}
