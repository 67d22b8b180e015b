import OpsModel
import OpsRuntime
import OpsSystem
import OpsTestKit
import Testing

@testable import ChaosServer

@Suite("A configuration file that gets its content back")
struct ConfigurationChangeTests {
    private let directory: TemporaryDirectory
    private let change: ConfigurationChange

    init() throws {
        self.directory = try TemporaryDirectory()
        self.change = ConfigurationChange(
            path: self.directory.file("env"),
            history: ConfigurationHistory(directory: self.directory.file("history")),
            staged: self.directory.file("env.x"),
            kept: self.directory.file("state/kept/1"),
            version: 1,
            before: .of("A=1\n"),
            ours: .of("A=2\n")
        )
        try FileSystem.makeDirectory(self.directory.file("history"))
        try FileSystem.writeAtomically("A=1\n", to: self.change.path)
    }

    private func undo() throws -> EffectOutcome {
        try self.change.compareAndRevert { self.change.comparison.decide(live: $0, claim: nil) }
    }

    private func apply() throws { try self.change.apply(Array("A=2\n".utf8)) }

    private var text: String { get throws { try FileSystem.text(self.change.path) } }
    private var names: [String] {
        get throws { try FileSystem.list(self.directory.path).filter { $0.hasPrefix("env") } }
    }

    @Test func goesThereAndBack() throws {
        try self.apply()
        #expect(try self.text == "A=2\n")
        #expect(try self.undo() == .reverted)
        #expect(try self.text == "A=1\n" && self.names == ["env"])
        #expect(try FileSystem.list(self.directory.file("history")).isEmpty)
        #expect(!FileSystem.exists(self.change.kept))
        #expect(try self.undo() == .alreadyClean)
    }

    @Test func isNotAppliedToWhatThePlanDidNotSee() throws {
        try FileSystem.writeAtomically("A=3\n", to: self.change.path)
        #expect(throws: ChaosError.self) { try self.apply() }
        #expect(try self.undo() == .superseded(seen: .of("A=3\n")))
        #expect(try self.text == "A=3\n" && self.names == ["env"])
    }

    /// The history is somebody else's as soon as they have deployed after us.
    @Test func leavesAHistoryThatWentOn() throws {
        try self.apply()
        try self.change.history.keep(Array("A=2\n".utf8), sha256: "", author: "somebody")
        #expect(try self.undo() == .reverted)
        #expect(try self.change.history.versions() == [2, 1])
    }

    /// Whoever exchanged the files may have died before it could look at what came out.
    @Test func givesBackWhatAnExchangeTookFromSomebody() throws {
        try self.apply()
        try FileSystem.writeAtomically("A=4\n", to: self.change.staged)
        #expect(try self.undo() == .superseded(seen: .of("A=4\n")))
        #expect(try self.text == "A=4\n" && self.names == ["env"])
    }

    @Test func removesWhatADeadHolderHasStaged() throws {
        try FileSystem.writeAtomically("A=2\n", to: self.change.staged)
        try FileSystem.writeAtomically("A=", to: "\(self.change.staged)-new")
        #expect(try self.undo() == .alreadyClean)
        #expect(try self.text == "A=1\n" && self.names == ["env"])
    }

    @Test func neverGuessesWhatWasThere() throws {
        try self.apply()
        try FileSystem.remove(self.change.kept)
        guard case .failed = try self.undo() else {
            Issue.record("it has to say that a person is needed")
            return
        }
        #expect(try self.text == "A=2\n")
    }
}
