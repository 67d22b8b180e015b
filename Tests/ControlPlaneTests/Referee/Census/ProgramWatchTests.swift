import OpsSystem
import OpsTestKit
import Testing

@testable import ControlPlane

@Suite("What is new in a supervisor's log")
struct ProgramWatchTests {
    private let directory: TemporaryDirectory
    private var log: String { self.directory.file("supervisord.log") }

    init() throws { self.directory = try TemporaryDirectory() }

    private func write(_ programs: String...) throws {
        let lines = programs.map { "2026-01-02 03:04:05,111 INFO spawned: '\($0)' with pid 7\n" }
        try FileSystem.writeAtomically(Array(lines.joined().utf8), to: self.log)
    }

    @Test("only what was written since, and all of it once the log has been begun anew")
    func since() async throws {
        try self.write("web", "api")
        let watch = try ProgramWatch(log: self.log)
        #expect(try await watch.history().started.isEmpty)
        try self.write("web", "api", "worker")
        #expect(try await watch.history().started == ["worker"])
        try self.write("db")
        #expect(try await watch.history().started == ["db"])
        await watch.follow()
    }
}
