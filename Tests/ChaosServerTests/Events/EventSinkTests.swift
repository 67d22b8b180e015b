import OpsModel
import OpsService
import OpsSystem
import OpsTestKit
import Testing

@testable import ChaosServer

/// The part of the settings that names sinks.
private struct SinkSettings: ServiceConfiguration {
    var sinks: [EventSink.Setting]

    init(reading reader: inout ConfigurationReader) { self.sinks = EventSink.Setting.read(&reader) }
}

@Suite("Whoever is told of events")
struct EventSinkTests {
    private let now = Timestamp(secondsSinceEpoch: 1_700_000_000)

    @Test("A signature holds for its body and its time, and for nothing else")
    func signature() throws {
        let key = Array("0123456789abcdef0123456789abcdef".utf8)
        let body = Array(#"{"type":"fault.ended"}"#.utf8)
        let header = EventSignature(key: key).header(for: body, at: self.now)
        let verifier = EventVerifier(key: key)
        #expect(verifier.check(header, body, at: self.now + 2) == .genuine)
        #expect(verifier.check(header, body, at: self.now + 301) == .old)
        #expect(verifier.check(header, body, at: self.now + -301) == .old)
        #expect(verifier.check(header, body + [0x20], at: self.now) == .changed)
        #expect(verifier.check(header.replacing("t=1700", with: "t=1701"), body, at: self.now) == .changed)
        #expect(EventVerifier(key: Array(key.reversed())).check(header, body, at: self.now) == .changed)
        #expect(verifier.check(nil, body, at: self.now) == .unsigned)
        #expect(verifier.check("v1=00", body, at: self.now) == .unsigned)
        #expect(!"\(EventSignature(key: key))".contains("0123"))
    }

    private func settings(_ arguments: String...) throws -> [EventSink.Setting] {
        try SinkSettings.load(arguments: arguments, environment: [:]).sinks
    }

    @Test("Sinks are read with their keys, and are the referee's unless said otherwise")
    func settings() throws {
        let sinks = try self.settings(
            "--sinks-pager",
            "http://127.0.0.1:9/hook",
            "--sink-keys-pager",
            "/k1",
            "--sinks-board",
            "http://127.0.0.1:10/",
            "--sink-keys-board",
            "/k2",
            "--sink-audience-board",
            "open"
        )
        #expect(sinks.map(\.name) == ["board", "pager"] && sinks.map(\.audience) == [.open, .referee])
        #expect(try self.settings().isEmpty)
    }

    @Test("A sink without a key, an address or a known audience stops the start")
    func badSettings() {
        #expect(throws: ConfigurationError.self) { try self.settings("--sinks-a", "http://127.0.0.1:9/") }
        #expect(throws: ConfigurationError.self) { try self.settings("--sink-keys-a", "/k") }
        for words in [["--sinks-a", "ftp://x/"], ["--sinks-a", "http://x/", "--sink-audience-a", "all"]] {
            #expect(throws: ConfigurationError.self) {
                try SinkSettings.load(arguments: words + ["--sink-keys-a", "/k"], environment: [:])
            }
        }
    }

    @Test("A key that others can read, or that is short, is none")
    func keys() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("key")
        let setting = EventSink.Setting(name: "a", url: "http://127.0.0.1:9/", keyFile: path, audience: .referee)
        #expect(throws: (any Error).self) { try EventSink(setting) }
        try FileSystem.writeAtomically("short\n", to: path, mode: 0o600)
        #expect(throws: ChaosError.self) { try EventSink(setting) }
        let key = String(repeating: "k", count: 32)
        try FileSystem.writeAtomically(key, to: path, mode: 0o644)
        #expect(throws: (any Error).self) { try EventSink(setting) }
        try FileSystem.writeAtomically(key + "\n", to: path, mode: 0o600)
        #expect(try EventSink(setting).name == "a")
    }
}
