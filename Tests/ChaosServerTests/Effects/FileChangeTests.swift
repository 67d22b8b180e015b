import OpsModel
import OpsSystem
import OpsTestKit
import Testing

@testable import ChaosServer

@Suite("A file that is taken away")
struct FileChangeTests {
    private let directory: TemporaryDirectory
    private let change: FileChange

    init() throws {
        self.directory = try TemporaryDirectory()
        self.change = FileChange(
            path: self.directory.file("entry"),
            staged: self.directory.file("entry.x"),
            directory: try #require(FileSystem.inode(self.directory.path)),
            before: .of("stored"),
            ours: .of("damaged")
        )
        try FileSystem.writeAtomically("damaged", to: self.change.path)
    }

    private func undo() throws -> EffectOutcome {
        try self.change.compareAndRevert { self.change.comparison.decide(live: $0, claim: nil) }
    }

    private var names: [String] { get throws { try FileSystem.list(self.directory.path) } }

    @Test("ours goes, with what a dead holder left beside it")
    func reverted() throws {
        try FileSystem.writeAtomically("dam", to: self.change.staged)
        #expect(try self.undo() == .reverted)
        #expect(try self.names.isEmpty)
        #expect(try self.undo() == .superseded(seen: .absent))
    }

    @Test("what an undo that was ended had taken aside is put back if it is somebody's, and removed if it is ours")
    func interrupted() throws {
        let aside = "\(self.change.staged)-aside"
        try FileSystem.move(self.change.path, to: aside)
        #expect(try self.undo() == .superseded(seen: .absent))
        #expect(try self.names.isEmpty)
        try FileSystem.writeAtomically("fresh", to: aside)
        #expect(try self.undo() == .superseded(seen: .of("fresh")))
        #expect(try FileSystem.text(self.change.path) == "fresh")
        try FileSystem.writeAtomically("older", to: aside)
        #expect(try self.undo() == .superseded(seen: .of("fresh")))
        #expect(try self.names == ["entry"])
    }

    @Test("two undos at once leave nothing of ours and take nothing of anybody's")
    func twoAtOnce() async throws {
        let change = self.change
        for round in 0..<200 {
            let isFresh = round.isMultiple(of: 2)
            try FileSystem.writeAtomically("damaged", to: change.path)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<2 {
                    group.addTask {
                        var outcome = EffectOutcome.pending(waitsFor: "")
                        while case .pending = outcome {
                            do throws(ChaosError) {
                                outcome = try change.compareAndRevert {
                                    change.comparison.decide(live: $0, claim: nil)
                                }
                            } catch { #expect(error.code == .targetUnavailable) }
                        }
                    }
                }
                if isFresh { group.addTask { try FileSystem.writeAtomically("fresh", to: change.path) } }
                try await group.waitForAll()
            }
            #expect(try self.names == (isFresh ? ["entry"] : []))
        }
    }
}
