import OpsModel
import Testing

@testable import ControlPlane

@Suite struct SessionTableTests {
    private static let start = ContinuousClock.now
    private static let agent = AgentClaim(agent: "a", version: "1")

    private func session(after seconds: Int = 0, owner: String = "agent") -> MCPSession {
        MCPSession(owner: owner, version: .june2025, agent: Self.agent, at: at(seconds))
    }

    private func at(_ seconds: Int) -> ContinuousClock.Instant { Self.start + .seconds(seconds) }

    private func table(limit: Int = 64, holding sessions: [MCPSession]) -> SessionTable {
        var table = SessionTable(limit: limit)
        let kept = sessions.map { table.open($0) }
        #expect(!kept.contains(false))
        return table
    }

    @Test func aSessionIsKnownToItsOwnerUntilItIsSilentForTooLong() {
        let mine = session()
        var table = table(holding: [mine])
        let uses: [(id: String, owner: String, second: Int, isKnown: Bool)] = [
            (mine.id, "agent", 599, true), (mine.id, "somebody", 600, false), ("mcp-other", "agent", 600, false),
            (mine.id, "agent", 1_198, true), (mine.id, "agent", 1_798, false), (mine.id, "agent", 1_797, true),
        ]
        for use in uses {
            let found = table.use(use.id, by: use.owner, at: at(use.second))
            #expect((found?.id == mine.id) == use.isKnown, "\(use)")
        }
        table.close(mine.id)
        let closed = table.use(mine.id, by: "agent", at: at(1_797))
        #expect(closed == nil)
    }

    @Test func aFullTableGivesUpTheOneIdleLongestAndNoneThatMayBeInUse() {
        let (first, second, third) = (session(), session(after: 10), session(after: 70))
        var table = table(limit: 2, holding: [first, second])
        let tooEarly = table.open(session(after: 59))
        #expect(!tooEarly)
        _ = table.use(first.id, by: "agent", at: at(59))
        let later = table.open(third)
        #expect(later)
        #expect(Set(table.sessions.keys) == [first.id, third.id])
    }

    @Test func sessionsThatAreOverMakeRoom() {
        let table = table(limit: 2, holding: [session(), session(), session(after: 600)])
        #expect(table.sessions.count == 1)
    }

    @Test func aLaterWaitTakesThePlaceOfTheOneBefore() {
        let mine = session()
        var table = table(holding: [mine])
        table.wait(mine.id, in: .number(1))
        #expect(table.isWaiting(mine.id, in: .number(1)))
        table.wait(mine.id, in: .number(2))
        #expect(!table.isWaiting(mine.id, in: .number(1)))
        table.cancel(mine.id, call: .number(1))
        #expect(table.isWaiting(mine.id, in: .number(2)))
        table.cancel(mine.id, call: .number(2))
        #expect(!table.isWaiting(mine.id, in: .number(2)))
    }

    @Test func namesOfSessionsCannotBeGuessed() {
        let names = Set((0..<1_000).map { _ in session().id })
        #expect(names.count == 1_000)
        #expect(names.allSatisfy { $0.hasPrefix("mcp-") && $0.utf8.count == 30 })
    }
}
