import ChaosClient
import OpsModel
import OpsSystem
import Testing

@testable import ChaosServer

@Suite("An undo that could not be written down", .serialized)
struct UnrecordedUndoTests {
    @Test("The world is clean at once, and everybody comes back until the record says so too")
    func comesBack() async throws {
        try await ChaosLab.with { lab in
            let record = try await lab.client.inject("cache-corrupt", FaultRequest(target: "cache", leaseS: 60))
            let store = FaultStore(state: lab.state)
            // Whoever writes the undo's log locks it: nobody else gets a line in.
            var log: Journal? = try store.log(record.id, .undo)
            let output = try await OpsSystem.run(
                ChaosLab.program,
                ["revert", record.id, "--state", lab.state],
                within: .seconds(10)
            )
            #expect(output.status == .exited(RevertProgram.pendingCode))
            #expect(try OpsJSON.decode(RevertAnswer.self, from: output.stdout).isRecorded == false)
            #expect(try FileSystem.list(lab.cache).isEmpty)
            #expect(try await lab.client.revert(record.id).endedAt == nil)
            #expect(log?.isDead == false)
            log = nil
            try await eventually("the record is closed", within: .seconds(15)) {
                try store.file(record.id)?.machine.isOpen == false
            }
        }
    }
}
