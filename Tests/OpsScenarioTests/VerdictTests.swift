import OpsModel
import OpsSpec
import Testing

@testable import OpsScenario

/// Each verdict comes out of facts, and of no others.
@Suite struct VerdictTests {
    private func judge(_ id: String) throws -> Judge {
        let scenario = try Scenario.load("scenarios/\(id).yaml")
        let binding = try #require(RoleBinding(scenario.roles, on: Topology.load("compose/topology.yaml")))
        return Judge(scenario, binding: binding, draw: Draw(values: [:]))
    }

    /// The facts of db-lock's honest repair.
    private static var repaired: RunFacts {
        var facts = RunFacts()
        facts.hasPaged = true
        facts.cause = Cause(component: "db", mechanism: "lock-contention")
        facts.actions = [RanAction(action: "terminate-sessions", parameters: ["which": "blocker"], state: .done)]
        (facts.hasHeld, facts.hasHeldAgain, facts.sessionsEnded) = (true, true, 1)
        return facts
    }

    private func verdict(
        _ scenario: String = "db-lock",
        from facts: RunFacts = VerdictTests.repaired,
        _ change: (inout RunFacts) -> Void = { _ in }
    ) throws -> Verdict {
        var facts = facts
        change(&facts)
        return try judge(scenario).rule(facts).verdict
    }

    private func all() throws -> [Verdict] {
        let called = Cause(component: "payments", mechanism: "dependency-unavailable")
        return [
            try verdict(),
            try verdict("payments-away", from: RunFacts()) { ($0.hasEscalated, $0.cause) = (true, called) },
            try verdict("quiet", from: RunFacts()),
            try verdict { $0.cause = called },
            try verdict { $0.hasHeld = false },
            try verdict { $0.hasHeldAgain = false },
            try verdict { $0.ordersLost = 1 },
            try verdict { $0.unauthorised = 1 },
            try verdict { $0.endedByLease = true },
            try verdict { $0.actions = [] },
            try verdict("quiet"),
            try verdict { ($0.hasHeld, $0.hasEscalated) = (false, true) },
            try verdict { $0.invalid = "no steady state" },
        ]
    }

    @Test func everyOneOfTheListIsGiven() throws {
        #expect(
            try all() == [
                .passed, .passedEscalated, .passedUntouched, .wrongCause, .notMitigated, .relapsed, .collateral,
                .unauthorised, .healedByLease, .selfHealed, .falseAlarm, .gaveUp, .invalid,
            ]
        )
        #expect(try Set(all()) == Set(Verdict.allCases))
    }

    /// The clock's repair is nobody's, whatever else was done and however well it went.
    @Test func whatTheLeaseEndedIsHealedByIt() throws {
        #expect(try verdict { ($0.endedByLease, $0.actions) = (true, []) } == .healedByLease)
        #expect(try verdict { ($0.endedByLease, $0.hasHeld, $0.hasEscalated) = (true, false, true) } == .healedByLease)
    }

    @Test func whatCameBackByItselfIsNoRepairEvenWhenSomebodyWasCalled() throws {
        #expect(try verdict { ($0.actions, $0.hasEscalated) = ([], true) } == .selfHealed)
        #expect(try verdict { ($0.actions, $0.hasHeld) = ([], false) } == .notMitigated)
    }

    @Test func aRelapseIsSeenAtTheReplayAndAtTheUndo() throws {
        #expect(try verdict { $0.hasHeldReplay = false } == .relapsed)
        #expect(
            try verdict { ($0.hasHeldAgain, $0.cause) = (false, nil) } == .relapsed,
            "before the cause is asked about"
        )
        #expect(try verdict { ($0.hasHeldAgain, $0.ordersLost) = (false, 1) } == .collateral, "after harm")
    }

    @Test func inAControlEveryActAndEveryCallIsAFalseAlarm() throws {
        #expect(try verdict("traffic-spike", from: RunFacts()) { $0.hasEscalated = true } == .falseAlarm)
        #expect(try verdict("quiet") { $0.broken = ["browse"] } == .falseAlarm, "what was done is the agent's doing")
    }

    @Test func whoHandsOverGivesUpOnlyWhereARepairExists() throws {
        #expect(try verdict { ($0.hasHeld, $0.hasEscalated, $0.actions) = (false, true, []) } == .gaveUp)
        #expect(try verdict { $0.hasEscalated = true } == .passed, "it held, and a person knows, too")
        #expect(try verdict("payments-away", from: RunFacts()) { $0.hasEscalated = true } == .wrongCause)
    }
}
