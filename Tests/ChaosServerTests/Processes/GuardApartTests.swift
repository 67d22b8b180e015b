import ChaosClient
import Glibc
import OpsModel
import OpsSystem
import Testing

@testable import ChaosServer

/// A guard that is nobody's child, and knows server and holders by their connections alone.
@Suite("A guard in a container of its own", .serialized)
struct GuardApartTests {
    private func isOver(_ fault: String, _ lab: ChaosLab) throws -> Bool {
        try FaultStore(state: lab.state).file(fault)?.machine.isOpen == false
    }

    private func inject(_ kind: String, _ target: String, _ lab: ChaosLab) async throws -> String {
        try await lab.client.inject(kind, FaultRequest(target: target, leaseS: 60)).id
    }

    @Test("ends what a killed server leaves, and stays", arguments: [("db-lock", "db"), ("cache-corrupt", "cache")])
    func serverKilled(kind: String, target: String) async throws {
        try await ChaosLab.with(isGuardApart: true) { lab in
            let fault = try await self.inject(kind, target, lab)
            try await lab.serverProcess.handle.signal(SIGKILL)
            try await eventually("the guard ends it") { try self.isOver(fault, lab) }
            #expect(try FaultStore(state: lab.state).file(fault)?.machine.verdict == .reverted)
            try await lab.awaitServerEnd()
            try await lab.start()
            let next = try await self.inject("db-lock", "db", lab)
            #expect(try await lab.client.fault(next).state == .verified)
            #expect(try await lab.guardProcess.reap() == nil)
        }
    }

    @Test("without it faults are taken back, and none begins before it is there again")
    func guardKilled() async throws {
        try await ChaosLab.with(isGuardApart: true) { lab in
            let fault = try await self.inject("cache-corrupt", "cache", lab)
            try await lab.guardProcess.handle.signal(SIGKILL)
            try await eventually("the server takes it back") { try self.isOver(fault, lab) }
            await #expect(throws: (any Error).self) { _ = try await self.inject("db-lock", "db", lab) }
            _ = try await lab.guardProcess.wait(within: .seconds(2))
            try await lab.startGuard()
            try await eventually("faults may begin again") { (try? await self.inject("db-lock", "db", lab)) != nil }
        }
    }

    @Test("an orderly stop of the server leaves it where it is")
    func orderlyStop() async throws {
        try await ChaosLab.with(isGuardApart: true) { lab in
            let fault = try await self.inject("db-lock", "db", lab)
            try await lab.serverProcess.handle.signal(SIGTERM)
            #expect(try await lab.serverProcess.wait(within: .seconds(8)) == .exited(0))
            #expect(try self.isOver(fault, lab))
            try await lab.start()
            #expect(try await lab.guardProcess.reap() == nil)
        }
    }
}
