import ChaosClient
import Glibc
import OpsModel
import OpsPostgres
import OpsRuntime
import OpsSystem
import Testing

@testable import ChaosServer

/// An undo is a process too, and whoever stops the others can stop it.
@Suite("An undo that is held still", .serialized)
struct StoppedUndoTests {
    /// The process that undoes this fault, once there is one.
    private func undo(of fault: String) throws -> ProcessHandle? {
        for pid in try FileSystem.list("/proc").compactMap(Int32.init) {
            // One that has ended meanwhile has no words.
            let words = (try? FileSystem.text("/proc/\(pid)/cmdline"))?.split(separator: "\0") ?? []
            if words.count > 2, words[1] == "revert", words[2] == fault, let identity = ProcessIdentity.of(pid: pid) {
                return ProcessHandle(identity)
            }
        }
        return nil
    }

    private func stopUndo(of fault: String) async throws -> ProcessHandle {
        var found: ProcessHandle?
        try await eventually("an undo runs") {
            found = try self.undo(of: fault)
            return found != nil
        }
        let handle = try #require(found)
        handle.signal(SIGSTOP)
        try await eventually("it is held still") { handle.identity.isStopped }
        return handle
    }

    private func expectClosed(_ fault: String, _ lab: ChaosLab) async throws {
        let store = FaultStore(state: lab.state)
        try await eventually("the record is closed") {
            try store.file(fault)?.machine.verdict == .reverted
        }
    }

    @Test("One of the server's is ended, and another does it")
    func ofTheServer() async throws {
        try await ChaosLab.with { lab in
            let record = try await lab.client.inject("cache-corrupt", FaultRequest(target: "cache", leaseS: 60))
            let plan = try #require(try FaultStore(state: lab.state).file(record.id)?.plan)
            // Whoever has the resource keeps an undo waiting, so that it can be found.
            let path = try plan.shared.resources.lockFile(plan.resource)
            let lock = try await FileLock.acquire(path, mode: 0o660, within: .seconds(1))
            async let answer = lab.client.revert(record.id)
            let undo = try await self.stopUndo(of: record.id)
            lock.release()
            try await self.expectClosed(record.id, lab)
            try await eventually("it was ended, whoever undid the fault") { undo.hasExited }
            #expect(try await answer.state == .reverted)
        }
    }

    @Test("One that belongs to nobody any more is ended by the next, which needs its log")
    func ofNobody() async throws {
        try await ChaosLab.with { lab in
            var attempts = 5
            while try await !self.isEndedByTheNext(lab) {
                attempts -= 1
                try #require(attempts > 0, "the server's own undo was first each time")
            }
        }
    }

    /// False when the server's own undo, which begins as soon as the holder is gone, had the fault's log first.
    private func isEndedByTheNext(_ lab: ChaosLab) async throws -> Bool {
        let record = try await lab.client.inject(
            "db-credential",
            FaultRequest(target: "db", with: ["role": "shop"], leaseS: 60)
        )
        // Whoever has the role's row keeps an undo waiting that has opened its log.
        let other = try await PostgresConnection.connect(lab.database)
        defer { other.close() }
        try await other.execute(script: "BEGIN; SELECT FROM pg_authid WHERE rolname = 'shop' FOR UPDATE")
        let orphan = try Spawn(
            path: ChaosLab.program,
            arguments: ["revert", record.id, "--state", lab.state],
            directory: "/"
        ).start()
        try await eventually("an undo has begun") { try lab.hasLine("closing", about: record.id) }
        orphan.handle.signal(SIGSTOP)
        try await eventually("it is held still, or over") { orphan.identity.isStopped || orphan.handle.hasExited }
        try await other.execute(script: "ROLLBACK")
        _ = try await lab.client.revert(record.id)
        try await self.expectClosed(record.id, lab)
        let ending = await orphan.wait(within: .seconds(3))
        if ending == nil { await orphan.stop(grace: .zero) }
        return ending == .signalled(SIGKILL)
    }
}
