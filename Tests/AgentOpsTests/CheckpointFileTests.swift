import Glibc
import OpsModel
import OpsPostgres
import OpsService
import OpsSystem
import OpsTestKit
import OpsTrust
import Testing

@testable import AgentOps

/// What is left of the file of checkpoints when a write is cut short, and what the next start makes of it.
@Suite struct CheckpointFileTests {
    let key = SigningKey.generate()

    private func line(_ seq: Int) throws -> [UInt8] {
        let head = AuditHead(seq: seq, hash: "h")
        return try OpsJSON.encode(AuditCheckpoint(organisation: "lab", head: head, signedBy: key)) + [10]
    }

    @Test("a write that the disk does not take whole leaves nothing behind")
    func shortWrite() async throws {
        await #expect(processExitsWith: .success) {
            guard let directory = try? TemporaryDirectory() else { exit(2) }
            let file = LineFile(path: directory.file("checkpoints.jsonl"), mode: 0o644)
            guard (try? file.append(Array("one\n".utf8))) != nil else { exit(3) }
            signal(SIGXFSZ, SIG_IGN)
            let kind = __rlimit_resource_t(RLIMIT_FSIZE.rawValue)
            var usual = rlimit()
            getrlimit(kind, &usual)
            var small = rlimit(rlim_cur: 6, rlim_max: usual.rlim_max)
            setrlimit(kind, &small)
            guard (try? file.append(Array("two\n".utf8))) == nil else { exit(4) }
            setrlimit(kind, &usual)
            guard (try? file.append(Array("three\n".utf8))) != nil else { exit(5) }
            exit((try? FileSystem.text(file.path)) == "one\nthree\n" ? 0 : 1)
        }
    }

    /// Every length at which the last line may have been cut.
    @Test func onlyATornTailIsCutOff() throws {
        let directory = try TemporaryDirectory()
        let file = LineFile(path: directory.file("checkpoints.jsonl"), mode: 0o644)
        try file.cutTornTail()
        #expect(!FileSystem.exists(file.path))
        let (first, second) = (try line(1), try line(2))
        for length in 0..<second.count {
            try FileSystem.writeAtomically(first + second.prefix(length), to: file.path)
            try file.cutTornTail()
            try #require(FileSystem.read(file.path) == first, "\(length) bytes of the second line")
        }
        try FileSystem.writeAtomically(first + second, to: file.path)
        try file.cutTornTail()
        #expect(try FileSystem.read(file.path) == first + second)
        try file.append(try line(3))
        #expect(try AuditCheckpoint.read(file.path).map(\.seq) == [1, 2, 3])
    }

    @Test func aBrokenLineInTheMiddleIsReported() throws {
        let directory = try TemporaryDirectory()
        let file = LineFile(path: directory.file("checkpoints.jsonl"), mode: 0o644)
        try FileSystem.writeAtomically(try line(1) + Array("{\"org\":\n".utf8) + line(3), to: file.path)
        try file.cutTornTail()
        let error = #expect(throws: AgentOpsError.self) { try AuditCheckpoint.read(file.path) }
        #expect(error?.code == .unreadable && error?.message.contains("line 2") == true, "\(String(describing: error))")
    }

    @Test func aStartGoesOnBehindATornTail() async throws {
        let database = try await AgentOpsDatabase()
        let pool = PostgresPool(database.configuration("gate", "lab"), limit: 2)
        let directory = try TemporaryDirectory()
        let path = directory.file("checkpoints.jsonl")
        try await pool.transaction { connection in
            let entry = AuditEntry(actor: .person("ann"), action: "approval.approve", entity: ("approval", "apr-1"))
            try await AuditTrail.append(entry, on: connection)
        }
        try FileSystem.writeAtomically(try line(2).dropLast(20) + [], to: path)
        let checkpointer = AuditCheckpointer(pool: pool, organisation: "lab", key: key, path: path)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await checkpointer.run() }
            defer { group.cancelAll() }
            let end = ContinuousClock.now + .seconds(20)
            while try !FileSystem.text(path).hasSuffix("\n") {
                try #require(ContinuousClock.now < end, "no checkpoint was written")
                try await Task.sleep(for: .milliseconds(20))
            }
        }
        #expect(try AuditCheckpoint.read(path).map(\.seq) == [1])
    }
}
