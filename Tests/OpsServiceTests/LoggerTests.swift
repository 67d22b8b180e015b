import OpsModel
import OpsService
import Synchronization
import Testing

@Suite("Log lines")
struct LoggerTests {
    @Test("one JSON object per line, time, level, service and message first")
    func shape() throws {
        let lines = Lines()
        let logger = Logger(label: "api-1", sink: lines.sink)
        logger.info("request done", ["http.status": 200, "path": "/a\"b\n\u{1b}[31m"])
        let text = try #require(lines.all.first)
        #expect(text.hasPrefix("{\"time\":\"") && text.hasSuffix("}\n"))
        #expect(text.count { $0 == "\n" } == 1)
        let value = try OpsJSON.decode(JSONValue.self, from: Array(text.utf8))
        #expect(value["level"] == "info")
        #expect(value["service"] == "api-1")
        #expect(value["message"] == "request done")
        #expect(value["http.status"] == 200)
        #expect(value["path"] == "/a\"b\n\u{1b}[31m")
        #expect(Timestamp(value["time"]?.stringValue ?? "") != nil)
    }

    @Test("levels below the least are dropped")
    func levels() {
        let lines = Lines()
        let logger = Logger(label: "x", level: .warning, sink: lines.sink)
        logger.info("no")
        logger.debug("no")
        logger.warning("yes")
        logger.error("yes")
        #expect(lines.all.count == 2)
    }

    @Test("metadata cannot replace the fixed fields, and the context and trace are added")
    func context() throws {
        let lines = Lines()
        let logger = Logger(label: "x", sink: lines.sink).with(["shard": 3])
        TraceContext.$traceID.withValue("abc") {
            logger.info("real", ["message": "forged", "nested": ["a": [1, nil, true, 1.5]]])
        }
        let value = try OpsJSON.decode(JSONValue.self, from: Array(try #require(lines.all.first).utf8))
        #expect(value["message"] == "real")
        #expect(value["field.message"] == "forged")
        #expect(value["trace_id"] == "abc")
        #expect(value["shard"] == 3)
        #expect(value.at("nested.a.3") == 1.5)
    }

    @Test("numbers that JSON does not know become text")
    func infinities() throws {
        let lines = Lines()
        Logger(label: "x", sink: lines.sink).info("n", ["a": .double(.infinity), "b": .double(.nan)])
        let value = try OpsJSON.decode(JSONValue.self, from: Array(try #require(lines.all.first).utf8))
        #expect(value["a"] == "inf")
    }
}

private final class Lines: Sendable {
    private let state = Mutex<[String]>([])
    var all: [String] { self.state.withLock { $0 } }
    var sink: Logger.Sink { { bytes in self.state.withLock { $0.append(String(decoding: bytes, as: UTF8.self)) } } }
}
