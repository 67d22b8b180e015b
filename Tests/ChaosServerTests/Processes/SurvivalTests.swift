import ChaosClient
import Glibc
import OpsHTTP
import OpsModel
import OpsPostgres
import OpsRuntime
import OpsSystem
import OpsTestKit
import Testing

@testable import ChaosServer

/// Kills and stops the injector's processes, one and two at a time, and looks at the world afterwards.
@Suite("Whoever is left undoes", .serialized)
struct SurvivalTests {
    enum Part: String, CaseIterable, Sendable { case server, guardian, holder }

    static let victims: [[Part]] = [
        [.server], [.guardian, .holder], [.holder], [.server, .guardian], [.server, .holder],
    ]

    private func identity(of part: Part, _ fault: String, _ lab: ChaosLab) async throws -> ProcessIdentity {
        switch part {
        case .server: try await lab.serverProcess.identity
        case .guardian: try lab.guardIdentity
        case .holder: try #require(try FaultStore(state: lab.state).file(fault)?.holder)
        }
    }

    private func strike(_ parts: [Part], with signal: Int32, _ fault: String, _ lab: ChaosLab) async throws {
        var handles: [ProcessHandle] = []
        for part in parts { handles.append(try #require(ProcessHandle(try await self.identity(of: part, fault, lab)))) }
        for handle in handles { handle.signal(signal) }
    }

    private func expectClean(_ fault: String, _ lab: ChaosLab) async throws {
        let store = FaultStore(state: lab.state)
        try await eventually("the record is closed") { try store.file(fault)?.machine.isOpen == false }
        #expect(try store.file(fault)?.machine.verdict == .reverted)
        let witness = try await PostgresConnection.connect(lab.database)
        defer { witness.close() }
        #expect(try await !Rows.areLocked(witness))
        #expect(try FileSystem.list(lab.cache).allSatisfy { !$0.hasSuffix(".entry") || $0.hasPrefix("kept") })
    }

    @Test("SIGKILL, held lock", arguments: victims)
    func killedWithLock(_ parts: [Part]) async throws {
        try await ChaosLab.with { lab in
            for number in 1...6 { try FileSystem.remove("\(lab.cache)/products-\(number).entry") }
            let record = try await lab.client.inject("db-lock", FaultRequest(target: "db", leaseS: 60))
            try await self.strike(parts, with: SIGKILL, record.id, lab)
            try await self.expectClean(record.id, lab)
        }
    }

    @Test("SIGSTOP, damaged cache", arguments: victims)
    func stoppedWithCache(_ parts: [Part]) async throws {
        try await ChaosLab.with { lab in
            let record = try await lab.client.inject("cache-corrupt", FaultRequest(target: "cache", leaseS: 60))
            try await self.strike(parts, with: SIGSTOP, record.id, lab)
            try await self.expectClean(record.id, lab)
        }
    }

    @Test("A holder that is held still before it has said that the effect is there is not waited for")
    func stoppedBeforeItsWord() async throws {
        try await ChaosLab.with { lab in
            let resources = SharedResources(
                claims: lab.directory.file("claims"),
                locks: lab.directory.file("locks")
            )
            // Whoever has the resource keeps the holder waiting between its order and its effect.
            let lock = try await resources.lock([.directory("cache")], within: .seconds(1))
            let asked = Task { try await lab.client.inject("cache-corrupt", FaultRequest(target: "cache", leaseS: 60)) }
            let store = FaultStore(state: lab.state)
            var fault: String?
            try await eventually("it is armed") {
                fault = try store.open().first { $0.machine.armedFence != nil }?.id
                return fault != nil
            }
            let id = try #require(fault)
            try await self.strike([.holder], with: SIGSTOP, id, lab)
            for held in lock { held.release() }
            try await eventually("it is over", within: .seconds(5)) { try store.file(id)?.machine.isOpen == false }
            let error = await #expect(throws: RemoteError.self) { try await asked.value }
            #expect(error?.code == "not_applied")
        }
    }

    @Test("A holder that is left alone goes on trying while the target keeps it waiting")
    func leftAloneWithABusyTarget() async throws {
        try await ChaosLab.with { lab in
            let request = FaultRequest(target: "db", with: ["role": "shop"], leaseS: 60)
            let record = try await lab.client.inject("db-credential", request)
            // Whoever has the role's row keeps every undo waiting.
            let other = try await PostgresConnection.connect(lab.database)
            defer { other.close() }
            try await other.execute(script: "BEGIN; SELECT FROM pg_authid WHERE rolname = 'shop' FOR UPDATE")
            try await self.strike([.server], with: SIGSTOP, record.id, lab)
            try await self.strike([.guardian], with: SIGKILL, record.id, lab)
            try await eventually("its undo had to wait") { try lab.hasLine("attempted", about: record.id) }
            try await other.execute(script: "ROLLBACK")
            let store = FaultStore(state: lab.state)
            try await eventually("the record is closed") { try store.file(record.id)?.machine.verdict == .reverted }
        }
    }

    @Test("A guard that dies alone is replaced, and the fault goes on")
    func guardReplaced() async throws {
        try await ChaosLab.with { lab in
            let record = try await lab.client.inject("db-lock", FaultRequest(target: "db", leaseS: 60))
            let first = try lab.guardIdentity
            ProcessHandle(first)?.signal(SIGKILL)
            try await eventually("another guard is on duty") {
                try lab.guardIdentity != first && lab.guardIdentity.isAlive
            }
            #expect(try await lab.client.fault(record.id).state == .verified)
            try await self.strike([.server], with: SIGKILL, record.id, lab)
            let store = FaultStore(state: lab.state)
            try await eventually("the new guard ends it") { try store.file(record.id)?.machine.isOpen == false }
        }
    }

    @Test("A new guard ends what was ending already, and nothing else")
    func guardReplacedWhileOneEnds() async throws {
        try await ChaosLab.with { lab in
            let kept = try await lab.client.inject("db-lock", FaultRequest(target: "db", leaseS: 60))
            let ending = try await lab.client.inject("cache-corrupt", FaultRequest(target: "cache", leaseS: 60))
            let store = FaultStore(state: lab.state)
            // As an undo leaves it that was ended after its first line.
            try store.log(ending.id, .undo).append(JournalLine(.closing(fence: 2, cause: .request)))
            let first = try lab.guardIdentity
            ProcessHandle(first)?.signal(SIGKILL)
            try await eventually("it is over") { try store.file(ending.id)?.machine.isOpen == false }
            #expect(try lab.guardIdentity != first)
            // The server asks the new guard about the faults in the order of their names, and has asked about both once
            // this one begins: a fault that begins needs the guard too.
            let next = try await lab.client.inject("db-credential", FaultRequest(target: "db", leaseS: 60))
            #expect(try await lab.client.fault(next.id).state == .verified)
            #expect(try await lab.client.fault(kept.id).state == .verified)
        }
    }

    @Test("All three die at once: the next start sweeps before it listens")
    func sweptAtStart() async throws {
        try await ChaosLab.with { lab in
            let record = try await lab.client.inject("cache-corrupt", FaultRequest(target: "cache", leaseS: 60))
            try await self.strike(Part.allCases, with: SIGKILL, record.id, lab)
            try await lab.awaitServerEnd()
            #expect(try FaultStore(state: lab.state).file(record.id)?.machine.isOpen == true)
            try await lab.start()
            let swept = try await lab.client.fault(record.id)
            #expect(swept.endCause == "sweep")
            #expect(swept.outcome == ["reverted": 6])
        }
    }

    @Test("An orderly stop takes faults back and takes the guard along")
    func orderlyStop() async throws {
        try await ChaosLab.with { lab in
            let record = try await lab.client.inject("db-lock", FaultRequest(target: "db", leaseS: 60))
            try await lab.serverProcess.handle.signal(SIGTERM)
            #expect(try await lab.serverProcess.wait(within: .seconds(8)) == .exited(0))
            #expect(try FaultStore(state: lab.state).file(record.id)?.machine.verdict == .reverted)
            let guardian = try lab.guardIdentity
            try await eventually("the guard has left too") { !guardian.isAlive }
        }
    }
}
