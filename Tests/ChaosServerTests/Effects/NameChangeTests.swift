import OpsModel
import OpsRuntime
import OpsSystem
import OpsTestKit
import Testing

@testable import ChaosServer

@Suite("A name that gets its address back")
struct NameChangeTests {
    private let directory: TemporaryDirectory
    private let change: NameChange
    private let old = "# names\na=1\nb=2\n"
    private let new = "# names\na=9\nb=2\n"

    init() throws {
        self.directory = try TemporaryDirectory()
        self.change = NameChange(
            EnvironmentFile(text: self.old),
            path: self.directory.file("hosts"),
            history: ConfigurationHistory(directory: self.directory.file("history")),
            name: "a",
            to: "9",
            after: 0
        )
        try FileSystem.makeDirectory(self.directory.file("history"))
        try FileSystem.writeAtomically(self.old, to: self.change.path)
    }

    private func undo() throws -> EffectOutcome {
        try self.change.compareAndRevert { self.change.comparison.decide(live: $0, claim: nil) }
    }

    private func write(_ text: String) throws { try FileSystem.writeAtomically(text, to: self.change.path) }
    private var text: String { get throws { try FileSystem.text(self.change.path) } }
    private var names: [String] {
        get throws { try FileSystem.list(self.directory.path).filter { $0.hasPrefix("hosts") } }
    }

    @Test func goesThereAndBack() throws {
        try self.change.apply()
        #expect(try self.text == self.new)
        #expect(try self.undo() == .reverted)
        #expect(try self.text == self.old && self.names == ["hosts"])
        #expect(try FileSystem.list(self.directory.file("history")).isEmpty)
        #expect(try self.undo() == .alreadyClean)
    }

    @Test func isNotAppliedToWhatThePlanDidNotSee() throws {
        try self.write(self.old + "c=3\n")
        #expect(throws: ChaosError.self) { try self.change.apply() }
        #expect(try self.undo() == .alreadyClean)
        #expect(try self.text == self.old + "c=3\n" && self.names == ["hosts"])
    }

    /// What somebody deployed after the fault needs the version before it.
    @Test func leavesOtherLinesAndTheirHistory() throws {
        try self.change.apply()
        try self.write(self.new.replacing("b=2", with: "b=3"))
        #expect(try self.undo() == .reverted)
        #expect(try self.text == self.old.replacing("b=2", with: "b=3"))
        #expect(try self.change.history.versions() == [1])
    }

    @Test func leavesAnotherAddressAndNone() throws {
        try self.change.apply()
        try self.write("a=4\n")
        #expect(try self.undo() == .superseded(seen: .of("4")))
        try self.write("b=2\n")
        #expect(try self.undo() == .superseded(seen: .absent))
        try FileSystem.remove(self.change.path)
        #expect(try self.undo() == .superseded(seen: .absent))
    }

    /// Whoever exchanged the files may have died before it could look at what came out.
    @Test func givesBackWhatAnExchangeTookFromSomebody() throws {
        try self.change.apply()
        try FileSystem.writeAtomically("a=4\n", to: self.change.staged)
        #expect(try self.undo() == .superseded(seen: .of("4")))
        #expect(try self.text == "a=4\n" && self.names == ["hosts"])
    }

    @Test func removesWhatADeadHolderHasStaged() throws {
        try FileSystem.writeAtomically(self.new, to: self.change.staged)
        try FileSystem.writeAtomically("a=", to: "\(self.change.staged)-new")
        #expect(try self.undo() == .alreadyClean)
        #expect(try self.text == self.old && self.names == ["hosts"])
    }
}
