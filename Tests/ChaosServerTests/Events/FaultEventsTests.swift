import OpsModel
import OpsRuntime
import OpsSystem
import Testing

@testable import ChaosServer

@Suite("What a journal tells of a fault")
struct FaultEventsTests {
    private static let start = Timestamp(secondsSinceEpoch: 1_000)

    private func line(_ step: FaultStep, after seconds: Double) -> JournalLine {
        JournalLine(step, at: Moment(bootID: "b", nanoseconds: 1, wall: Self.start + seconds))
    }

    private func file(_ lines: [JournalLine]) -> FaultFile {
        var intended = self.line(.intended, after: 0)
        intended.plan = FaultPlan(
            id: "somefault1",
            kind: .instanceCrash,
            persistence: .event,
            target: "api",
            instance: "api-1",
            with: [:],
            resource: .process("api-1"),
            shared: SharedPaths(claims: "/", locks: "/"),
            effects: [],
            requested: 1,
            leaseS: 60,
            deadline: 0,
            requestedAt: Self.start,
            run: "r",
            yieldsTo: []
        )
        return FaultFile(id: "somefault1", lines: lines + [intended])
    }

    @Test("The events follow from the lines in any order, and keep their ids")
    func lifecycle() {
        let lines = [
            self.line(.armed(fence: 1), after: 1), self.line(.applied, after: 2), self.line(.verified, after: 2.1),
            self.line(.watched(.felt), after: 4), self.line(.closing(fence: 2, cause: .request), after: 5),
            self.line(.closed(.reverted), after: 6),
        ]
        let whole = self.file(lines).events
        #expect(whole.map(\.kind) == [.requested, .applied, .felt, .ended])
        #expect(whole.map(\.at) == [0, 2.1, 4, 6].map { Self.start + $0 })
        #expect(self.file(lines.reversed()).events == whole)
        #expect(whole.last?.data["state"] == "reverted" && whole.last?.data["cause"] == "request")
        #expect(whole.allSatisfy { $0.data["fault"] == "somefault1" && $0.data["instance"] == "api-1" })
        #expect(Set(whole.map(\.id)).count == 4)
        for count in 0..<lines.count {
            let part = self.file(Array(lines.prefix(count))).events
            #expect(part.map(\.id) == Array(whole.map(\.id).prefix(part.count)), "after \(count) lines")
        }
    }

    @Test("An undo that waits, an effect that nobody felt and a fault that never began are told as such")
    func others() {
        let waits = [
            self.line(.applied, after: 1), self.line(.verified, after: 1), self.line(.watched(.ineffective), after: 3),
            self.line(.closing(fence: 2, cause: .lease), after: 5), self.line(.attempted(.pending), after: 6),
            self.line(.attempted(.failed), after: 7),
        ]
        #expect(self.file(waits).events.map(\.kind) == [.requested, .applied, .ineffective, .unfinished])
        let refused = [
            self.line(.closing(fence: 2, cause: .refused), after: 1), self.line(.closed(.reverted), after: 2),
        ]
        #expect(self.file(refused).events.map(\.kind) == [.requested, .ended])
        #expect(self.file(refused).events.last?.data["state"] == "refused")
        #expect(FaultFile(id: "x", lines: [self.line(.applied, after: 1)]).events.isEmpty)
    }
}
