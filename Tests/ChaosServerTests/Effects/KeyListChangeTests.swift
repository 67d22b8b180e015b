import OpsModel
import OpsSystem
import OpsTestKit
import OpsTrust
import Testing

@testable import ChaosServer

@Suite("A list of accepted keys that gets its content back")
struct KeyListChangeTests {
    private let directory: TemporaryDirectory
    private let change: KeyListChange
    private let list = AcceptedKeys(of: ["ours", "another"])

    init() throws {
        self.directory = try TemporaryDirectory()
        self.change = KeyListChange(
            path: self.directory.file("keys"),
            staged: self.directory.file("keys.x"),
            old: self.list.text,
            new: self.list.removing("ours").text
        )
        try self.write(self.list)
    }

    private func write(_ list: AcceptedKeys) throws { try FileSystem.writeAtomically(list.text, to: self.change.path) }

    private func undo() throws -> EffectOutcome {
        try self.change.compareAndRevert { self.change.comparison.decide(live: $0, claim: nil) }
    }

    private var names: [String] { get throws { try FileSystem.list(self.directory.path) } }

    @Test func goesThereAndBack() throws {
        try self.change.apply()
        #expect(try self.change.list() == AcceptedKeys(of: ["another"]))
        #expect(try self.undo() == .reverted)
        #expect(try self.change.list() == self.list && self.names == ["keys"])
        #expect(try self.undo() == .alreadyClean)
    }

    @Test func isNotAppliedToWhatThePlanDidNotSee() throws {
        let theirs = self.list.adding("new")
        try self.write(theirs)
        #expect(throws: ChaosError.self) { try self.change.apply() }
        #expect(try self.undo() == .superseded(seen: .of(theirs.text)))
        #expect(try self.change.list() == theirs && self.names == ["keys"])
    }

    @Test("A rotation that was made meanwhile stays, with and without the old key")
    func rotated() throws {
        for theirs in [self.list.removing("ours").adding("new"), self.list.adding("new")] {
            try self.write(self.list)
            try self.change.apply()
            try self.write(theirs)
            #expect(try self.undo() == .superseded(seen: .of(theirs.text)))
            #expect(try self.change.list() == theirs && self.names == ["keys"])
        }
    }

    /// Whoever exchanged the lists may have died before it could look at what came out.
    @Test func givesBackWhatAnExchangeTookFromSomebody() throws {
        let theirs = self.list.adding("new")
        try self.change.apply()
        try FileSystem.writeAtomically(theirs.text, to: self.change.staged)
        #expect(try self.undo() == .superseded(seen: .of(theirs.text)))
        #expect(try self.change.list() == theirs && self.names == ["keys"])
    }

    @Test func removesWhatADeadHolderHasStaged() throws {
        try FileSystem.writeAtomically(self.change.new, to: self.change.staged)
        try FileSystem.writeAtomically("half", to: "\(self.change.staged)-new")
        #expect(try self.undo() == .alreadyClean)
        #expect(try self.change.list() == self.list && self.names == ["keys"])
    }

    @Test func leavesAListAwayThatSomebodyTookAway() throws {
        try self.change.apply()
        try FileSystem.remove(self.change.path)
        #expect(try self.undo() == .superseded(seen: .absent))
        #expect(try self.names == [])
    }
}
