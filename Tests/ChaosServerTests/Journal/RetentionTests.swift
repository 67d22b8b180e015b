import OpsModel
import OpsSystem
import OpsTestKit
import Testing

@testable import ChaosServer

@Suite("Which closed faults are kept")
struct RetentionTests {
    private let now = Timestamp(secondsSinceEpoch: 1_700_000_000)

    @Test("the newest ones stay, and nothing goes while the kill switch is on or somebody may still ask")
    func decision() {
        let closed = (0..<400).map { Retention.Closed(id: "fault\($0)", endedAt: self.now + -Double($0)) }
        let expired = Retention().expired(closed, isLatched: false, now: self.now)
        #expect(expired.count == 400 - Retention.kept)
        #expect(expired.first == "fault\(Retention.kept)")
        #expect(Retention().expired(closed, isLatched: true, now: self.now).isEmpty)
        #expect(Retention().expired(closed, isLatched: false, now: self.now + -360).isEmpty)
    }

    /// A journal of one fault as the server writes it; without the end it is open.
    private func write(_ id: String, in store: FaultStore, endedAt: Timestamp?) throws {
        var steps: [FaultStep] = [.intended, .armed(fence: 1)]
        if endedAt != nil { steps.append(.closed(.reverted)) }
        let wall = endedAt ?? self.now + -9_000
        let journal = try store.create(id)
        for step in steps {
            try journal.append(JournalLine(step, at: Moment(bootID: "b", nanoseconds: 1, wall: wall)))
        }
    }

    @Test("old closed faults leave the disk, open ones never, and so does what an interrupted removal left")
    func disk() throws {
        let directory = try TemporaryDirectory()
        let store = FaultStore(state: directory.path)
        try store.prepare()
        try self.write("stillopen", in: store, endedAt: nil)
        for number in 0..<Retention.kept + 5 {
            try self.write("closed\(1_000 + number)", in: store, endedAt: self.now + -Double(100 + number))
        }
        try FileSystem.makeDirectory("\(store.directory)/gone-closed9999/undo")
        store.prune(isLatched: { true }, now: self.now)
        #expect(try store.ids().count == Retention.kept + 6)
        store.prune(isLatched: { false }, now: self.now)
        #expect(try store.ids().count == Retention.kept + 1)
        #expect(try store.open().map(\.id) == ["stillopen"])
        #expect(try store.file("closed1000") != nil)
        #expect(try store.file("closed\(1_000 + Retention.kept)") == nil)
        #expect(try FileSystem.list(store.directory).count == Retention.kept + 1)
    }

    @Test("what was told of a fault is forgotten with it")
    func progress() {
        var progress = FaultProgress()
        for id in ["one", "two"] {
            let record = FaultRecord(
                id: id,
                fault: "x",
                persistence: .held,
                state: .reverted,
                target: "db",
                leaseS: 1,
                requestedAt: self.now
            )
            #expect(progress.isNews(record) && progress.lacksRow(record))
            progress.tell(record)
            progress.store(record)
        }
        progress.keep(["two"])
        #expect(!progress.isOver("one") && progress.isOver("two"))
    }
}
