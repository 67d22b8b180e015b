import OpsModel
import OpsSystem
import OpsTestKit
import Testing

@testable import ChaosServer

/// The null device takes every write and cannot be synced: a log on it is one whose sync fails.
@Suite("A journal whose disk fails")
struct DeadJournalTests {
    private let directory: TemporaryDirectory
    private let latch: LatchFile

    init() throws {
        self.directory = try TemporaryDirectory()
        self.latch = LatchFile(state: self.directory.path)
    }

    private func failingLog() throws -> Journal {
        let path = self.directory.file("log")
        try FileSystem.makeDirectory(path)
        try FileSystem.makeLink("\(path)/journal.log", to: "/dev/null")
        return try Journal(directory: path, reserve: FaultStore.reserve)
    }

    @Test("raises the latch in the journal's name, once")
    func latches() throws {
        let log = try self.failingLog()
        for _ in 1...2 {
            #expect(throws: ChaosError.self) { try log.append(JournalLine(.intended), orLatch: self.latch) }
        }
        let latch = try #require(self.latch.read())
        #expect(log.isDead && latch.actor == "journal")
        #expect(latch.reason.contains("could not sync the journal"))
        #expect(try FileSystem.list(self.directory.path).sorted() == ["latch.json", "log"])
    }

    @Test("stopping needs no record, so an undo raises nothing")
    func undoGoesOn() throws {
        let log = try self.failingLog()
        #expect(throws: ChaosError.self) { try log.append(JournalLine(.closing(fence: 2, cause: .lease))) }
        #expect(self.latch.read() == nil)
    }

    @Test("A full disk is no failed one, and what a dead journal says later is no news")
    func fullDisk() {
        let others = SystemError.Code.allCases.filter { !Journal.isDiskFailure($0) }
        #expect(Set(others) == [.diskFull, .journalDead])
    }
}
