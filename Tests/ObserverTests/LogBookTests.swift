import OpsModel
import Testing

@testable import Observer

@Suite("LogBook")
struct LogBookTests {
    private let start = Timestamp(secondsSinceEpoch: 50_000)

    private func record(_ text: String, _ code: String? = nil) -> LogRecord {
        LogRecord(level: "warning", message: text, codes: code.map { ["sqlstate": $0] } ?? [:])
    }

    /// A minute of calm with one harmless warning a second.
    private func warm() -> LogBook {
        var book = LogBook()
        for second in 0..<60 {
            let now = start + Double(second)
            book.observe(record("slow answer of \(second) ms"), component: "api", instance: "api-1", at: now)
            book.settle(now: now, lastTrouble: nil)
        }
        return book
    }

    private func novelties(_ book: LogBook, since: Timestamp, now: Timestamp) -> [String: Novelty] {
        var found: [String: Novelty] = [:]
        for (key, activity) in book.templates {
            found[book.tree.text(key.template)] = book.novelty(
                count: activity.count(since: since),
                normal: activity.normal,
                since: since,
                now: now
            )
        }
        return found
    }

    @Test("the recurring is not new, the unseen is")
    func new() {
        var book = warm()
        #expect(book.isWarm)
        let now = start + 61
        book.observe(record("lock wait exceeded", "55P03"), component: "api", instance: "api-1", at: now)
        book.settle(now: now, lastTrouble: now)
        #expect(novelties(book, since: now + -30, now: now) == ["lock wait exceeded": .new])
        #expect(book.codes.keys.map(\.code) == ["55P03"])
    }

    @Test("the onset of trouble teaches nothing, calm later does")
    func learnsLate() {
        var book = warm()
        let onset = start + 60
        for second in 0..<30 {
            let now = onset + Double(second)
            book.observe(record("gateway says no"), component: "api", instance: "api-1", at: now)
            book.settle(now: now, lastTrouble: now)
        }
        let during = onset + 30
        #expect(novelties(book, since: during + -10, now: during)["gateway says no"] == .new)
        for second in 30..<90 {
            let now = onset + Double(second)
            book.observe(record("gateway says no"), component: "api", instance: "api-1", at: now)
            book.settle(now: now, lastTrouble: during)
        }
        let after = onset + 90
        #expect(novelties(book, since: after + -10, now: after)["gateway says no"] == nil)
    }

    @Test("the usual, much more often than usual, surges")
    func surges() {
        var book = warm()
        let now = start + 61
        for _ in 0..<200 { book.observe(record("slow answer of 7 ms"), component: "api", instance: "api-1", at: now) }
        book.settle(now: now, lastTrouble: nil)
        #expect(novelties(book, since: now + -10, now: now) == ["slow answer of <*> ms": .surging])
    }

    @Test("nothing is new before it is known what is usual")
    func cold() {
        var book = LogBook()
        book.observe(record("first line ever"), component: "api", instance: "api-1", at: start)
        book.settle(now: start, lastTrouble: nil)
        #expect(novelties(book, since: start + -10, now: start)["first line ever"] == nil)
    }

    @Test("a line is JSON with a message, or is taken as it stands")
    func lines() {
        let json =
            #"{"time":"2026-01-01T00:00:00Z","level":"ERROR","service":"api-1","message":"no","sqlstate":"53300","errno":111}"#
        let parsed = LogRecord(line: json.utf8)
        #expect(parsed.level == "error")
        #expect(parsed.codes == ["sqlstate": "53300", "errno": "ECONNREFUSED"])
        #expect(parsed.at != nil)
        #expect(LogRecord(line: #"{"message":"no","errno":99999}"#.utf8).codes == ["errno": "99999"])
        let text = LogRecord(line: "Fatal error: crash".utf8)
        #expect(text.message == "Fatal error: crash")
        #expect(text.isNotable)
        #expect(!LogRecord(line: #"{"level":"info","message":"fine"}"#.utf8).isNotable)
        #expect(LogRecord(line: [0xff, 0xfe]).isNotable)
    }
}
