import OpsModel
import Testing

@testable import ControlPlane

@Suite("Grants read from a journal")
struct GrantedRunTests {
    private static func records(_ lines: String...) -> [[UInt8]] { lines.map { Array($0.utf8) } }

    @Test("consumed lines since a moment, each with the end of its run")
    func reading() throws {
        let records = Self.records(
            #"{"kind":"opened","line":{"at":"2026-01-02T03:04:00.000Z","boot_id":"b","confirms_clock":false}}"#,
            #"{"kind":"consumed","line":{"action":"clear-cache","at":"2026-01-02T03:04:01.000Z","grants":["g0"],"parameters":{},"run":"r0"}}"#,
            #"{"kind":"consumed","line":{"action":"restart-service","at":"2026-01-02T03:04:05.000Z","grants":["g1"],"parameters":{"component":"api"},"run":"r1"}}"#,
            #"{"kind":"begun","line":{"at":"2026-01-02T03:04:06.000Z","index":0,"run":"r1"}}"#,
            #"{"kind":"consumed","line":{"action":"clear-cache","at":"2026-01-02T03:04:07.000Z","grants":["g2"],"parameters":{},"run":"r2"}}"#
        )
        let start = try #require(
            try OpsJSON.decode([Timestamp].self, from: Array(#"["2026-01-02T03:04:04.000Z"]"#.utf8)).first
        )
        let runs = try GrantedRun.runs(in: records, since: start)
        #expect(runs.map(\.run) == ["r1", "r2"])
        #expect(runs.first?.parameters == ["component": "api"])
        #expect(runs.map(\.state) == [nil, nil])
        #expect(throws: (any Error).self) { try GrantedRun.runs(in: Self.records("no JSON"), since: start) }
    }
}
