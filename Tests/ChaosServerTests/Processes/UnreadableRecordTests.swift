import ChaosClient
import OpsHTTP
import OpsModel
import OpsSystem
import Testing

@testable import ChaosServer

/// A record that cannot be read hides no other: its log is a directory, which nobody can read as a file.
@Suite("A fault whose record cannot be read", .serialized)
struct UnreadableRecordTests {
    private let broken = "brokenrecord"

    private func breakOne(_ lab: ChaosLab) throws {
        try FileSystem.makeDirectory("\(FaultStore(state: lab.state).directory)/\(self.broken)/server/journal.log")
    }

    @Test("The kill switch undoes the others and calls this one failed; only force lifts the latch")
    func killed() async throws {
        try await ChaosLab.with { lab in
            let record = try await lab.client.inject("cache-corrupt", FaultRequest(target: "cache", leaseS: 60))
            try self.breakOne(lab)
            let report = try await lab.client.kill(reason: "test")
            try await eventually("the other is over") {
                try FaultStore(state: lab.state).file(record.id)?.machine.isOpen == false
            }
            #expect(report.failed.map(\.fault) == [self.broken])
            let later = KillSwitch(state: lab.state).report()
            #expect(later.clean == [record.id])
            #expect(later.failed.map(\.fault) == [self.broken])
            let id = try #require(report.killID)
            let error = await #expect(throws: RemoteError.self) {
                try await lab.client.resume(killID: id, reason: "looked at")
            }
            #expect(error?.code == "unfinished")
            try FileSystem.removeTree("\(FaultStore(state: lab.state).directory)/\(self.broken)")
            #expect(try await !lab.client.resume(killID: id, reason: "looked at").latched)
        }
    }

    @Test("The sweep of a start and the undo of all go on with the others")
    func swept() async throws {
        try await ChaosLab.with { lab in
            let record = try await lab.client.inject("cache-corrupt", FaultRequest(target: "cache", leaseS: 60))
            try self.breakOne(lab)
            let output = try await OpsSystem.run(
                ChaosLab.program,
                ["revert", "--all", "--state", lab.state],
                within: .seconds(10)
            )
            #expect(output.status == .exited(1))
            let lines = String(decoding: output.stdout, as: UTF8.self).split(separator: "\n")
            #expect(lines.count == 2)
            #expect(lines.contains { $0.contains(record.id) && $0.contains("\"verdict\":\"reverted\"") })
            #expect(try FileSystem.list(lab.cache).isEmpty)
            try await lab.serverProcess.handle.signal(9)
            try await lab.awaitServerEnd()
            try await lab.start()
            #expect(try await lab.client.fault(record.id).endedAt != nil)
        }
    }

    @Test("Where nothing can be listed the kill switch does not say that all is well")
    func notListed() async throws {
        try await ChaosLab.with { lab in
            let store = FaultStore(state: lab.state)
            try FileSystem.move(store.directory, to: "\(lab.state)/aside")
            try FileSystem.writeAtomically("no directory", to: store.directory)
            let report = try KillSwitch(state: lab.state).press(reason: "test", actor: "tester")
            #expect(report.latched)
            #expect(report.failed.count == 1)
            try FileSystem.remove(store.directory)
            try FileSystem.move("\(lab.state)/aside", to: store.directory)
        }
    }
}
