import OpsService
import Testing

@testable import OpsHTTP

@Suite struct ServerSentEventTests {
    @Test func writesOneFieldPerLine() {
        let event = ServerSentEvent(id: "7", event: "state", data: "one\ntwo")
        #expect(String(decoding: event.bytes, as: UTF8.self) == "id: 7\nevent: state\ndata: one\ndata: two\n\n")
    }

    @Test func aFieldCannotBeginAnother() {
        let event = ServerSentEvent(id: "7\ndata: forged", event: "a\r\nid: 9", data: "x")
        let text = String(decoding: event.bytes, as: UTF8.self)
        #expect(text == "id: 7data: forged\nevent: aid: 9\ndata: x\n\n")
    }

    @Test func readingUndoesWritingWhereverTheNetworkCuts() {
        var generator = SeededGenerator(seed: 5)
        for round in 0..<200 {
            let events = (0..<5).map { number in
                ServerSentEvent(
                    id: "\(round).\(number)",
                    event: Bool.random(using: &generator) ? "kind" : nil,
                    data: (0..<Int.random(in: 1...4, using: &generator))
                        .map { _ in ["", "a", ": b", "data: c", " é", "🙂"].randomElement(using: &generator) ?? "" }
                        .joined(separator: "\n")
                )
            }
            var bytes = events.flatMap(\.bytes)[...]
            var parser = EventStreamParser()
            var read: [ServerSentEvent] = []
            while !bytes.isEmpty {
                let count = Int.random(in: 1...9, using: &generator)
                read += parser.feed(bytes.prefix(count))
                bytes = bytes.dropFirst(count)
            }
            #expect(read == events, "seed 5, round \(round)")
        }
    }

    @Test func readsAllKindsOfLineEndsAndDropsComments() {
        var parser = EventStreamParser()
        let events = parser.feed(
            Array(": hello\r\nid: 1\rdata: a\r\ndata: b\n\nretry: 5\nevent: none\n\ndata: c\n\n".utf8)
        )
        #expect(events == [ServerSentEvent(id: "1", data: "a\nb"), ServerSentEvent(id: "1", data: "c")])
    }

    @Test func anEndlessEventIsGivenUp() {
        var parser = EventStreamParser(limit: 1_000)
        #expect(parser.feed([UInt8](repeating: 0x61, count: 5_000)).isEmpty)
        #expect(parser.isOverflown)
    }
}
