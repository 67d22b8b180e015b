import ChaosClient
import OpsModel
import OpsPostgres
import OpsSystem
import Testing

@testable import ChaosServer

@Suite("An undo that has to wait", .serialized)
struct WaitingUndoTests {
    @Test("However often it is tried, its record says so once, and then how it ended")
    func saysSoOnce() async throws {
        try await ChaosLab.with { lab in
            let request = FaultRequest(target: "db", with: ["role": "shop"], leaseS: 60)
            let record = try await lab.client.inject("db-credential", request)
            // Whoever has the role's row keeps every undo waiting.
            let other = try await PostgresConnection.connect(lab.database)
            defer { other.close() }
            try await other.execute(script: "BEGIN; SELECT FROM pg_authid WHERE rolname = 'shop' FOR UPDATE")
            for _ in 1...3 {
                let arguments = ["revert", record.id, "--state", lab.state]
                let output = try await OpsSystem.run(ChaosLab.program, arguments, within: .seconds(20))
                #expect(
                    output.status == .exited(RevertProgram.pendingCode),
                    "\(String(decoding: output.stdout, as: UTF8.self))"
                )
            }
            let store = FaultStore(state: lab.state)
            #expect(try self.words(store, record.id) == ["closing", "attempted"])
            try await other.execute(script: "ROLLBACK")
            _ = try await lab.client.revert(record.id)
            try await eventually("it is over") { try store.file(record.id)?.machine.verdict == .reverted }
            #expect(try self.words(store, record.id) == ["closing", "attempted", "closed"])
        }
    }

    /// The steps of its end, in their order.
    private func words(_ store: FaultStore, _ id: String) throws -> [String] {
        try store.file(id)?.lines.map(\.step.word).filter { ["closing", "attempted", "closed"].contains($0) } ?? []
    }
}
