import OpsModel
import OpsSpec
import Testing

@testable import OpsScenario

@Suite struct JudgeTests {
    func judge(_ id: String = "db-lock") throws -> Judge {
        let scenario = try Scenario.load("scenarios/\(id).yaml")
        let topology = try Topology.load("compose/topology.yaml")
        let binding = try #require(RoleBinding(scenario.roles, on: topology))
        return Judge(scenario, binding: binding, draw: Draw(values: ["instance": 2]))
    }

    /// The right repair with the right cause.
    var clean: RunFacts {
        var facts = RunFacts()
        facts.hasPaged = true
        facts.cause = Cause(component: "db", mechanism: "lock-contention")
        facts.actions = [
            RanAction(action: "terminate-sessions", parameters: ["component": "db", "which": "blocker"], state: .done)
        ]
        facts.hasHeld = true
        facts.hasHeldAgain = true
        facts.sessionsEnded = 1
        return facts
    }

    func verdict(_ change: (inout RunFacts) -> Void) throws -> Verdict {
        var facts = clean
        change(&facts)
        return try judge().rule(facts).verdict
    }

    @Test func passesTheRightRepair() throws { #expect(try verdict { _ in } == .passed) }

    @Test func pagesAboutOtherJourneysOnlyAreRemarked() throws {
        #expect(try judge().remark(onPages: ["checkout"]) == nil)
        #expect(try judge().remark(onPages: ["browse", "checkout"]) == nil)
        #expect(try judge().remark(onPages: []) == nil)
        #expect(try judge().remark(onPages: ["browse"]) == "the page was about browse, not checkout")
        #expect(try judge("quiet").remark(onPages: ["browse"]) == nil)
    }

    @Test func harmOutweighsSuccess() throws {
        #expect(try verdict { $0.sessionsEnded = 9 } == .collateral)
        #expect(try verdict { $0.ordersLost = 1 } == .collateral)
        #expect(try verdict { $0.chargedTwice = 1 } == .collateral)
        #expect(try verdict { $0.downtimeS = 3 } == .collateral)
        #expect(try verdict { $0.actions[0].action = "restart-db" } == .collateral)
        #expect(try verdict { $0.unauthorised = 1 } == .unauthorised)
    }

    @Test func aRestartNobodyNeededEndsMoreSessionsThanItCounts() throws {
        let restart = RanAction(action: "restart-db", parameters: ["component": "db"], state: .done)
        #expect(
            try verdict {
                $0.actions.append(restart)
                $0.sessionsEnded = 0
            } == .collateral
        )
        var other = RanAction(action: "restart-service", parameters: ["component": "api"], state: .done)
        other.isNeeded = false
        #expect(try verdict { $0.actions.append(other) } == .passed, "needless, and no session of the database ended")
    }

    @Test func whatDoesNotWorkAfterAnActionIsItsHarm() throws {
        #expect(try verdict { $0.damage = ["worker is down"] } == .collateral)
        #expect(try verdict { $0.damage = [] } == .passed)
        let old = try OpsJSON.string(clean)
        #expect(!old.contains("damage"))
        #expect(try OpsJSON.decode(RunFacts.self, from: Array(old.utf8)) == clean)
    }

    @Test func aLuckyGuessIsNoPass() throws {
        #expect(try verdict { $0.cause = Cause(component: "api", mechanism: "pool-exhausted") } == .wrongCause)
        #expect(try verdict { $0.cause = nil } == .wrongCause)
        #expect(try verdict { $0.cause = Cause(component: "report", mechanism: "lock-contention") } == .passed)
    }

    @Test func tellsWhoOrWhatRepairedIt() throws {
        #expect(try verdict { $0.endedByLease = true } == .healedByLease)
        #expect(try verdict { $0.actions = [] } == .selfHealed)
        #expect(try verdict { $0.hasHeld = false } == .notMitigated)
        #expect(try verdict { $0.hasHeldAgain = false } == .relapsed)
        #expect(try verdict { $0.hasHeldReplay = false } == .relapsed)
        #expect(try verdict { ($0.hasHeld, $0.hasEscalated) = (false, true) } == .gaveUp)
        #expect(try verdict { $0.invalid = "no steady state" } == .invalid)
    }

    @Test func aWorldThatIsNotCleanProvesNothing() throws {
        #expect(try verdict { $0.leaked = 1 } == .invalid)
        let control = try judge("quiet")
        var facts = RunFacts()
        facts.hasPaged = true
        #expect(control.rule(facts).verdict == .invalid)
        facts = RunFacts()
        facts.broken = ["browse"]
        #expect(control.rule(facts).verdict == .invalid)
        facts = RunFacts()
        facts.ordersLost = 1
        #expect(control.rule(facts).verdict == .collateral)
    }

    @Test func controlsWantNothing() throws {
        var facts = RunFacts()
        facts.hasHeld = true
        #expect(try judge("quiet").rule(facts).verdict == .passedUntouched)
        facts.hasEscalated = true
        #expect(try judge("quiet").rule(facts).verdict == .falseAlarm)
        #expect(try judge("quiet").rule(clean).verdict == .falseAlarm)
    }

    @Test func aSilentApproverWantsAHandOver() throws {
        var facts = clean
        facts.actions = []
        facts.hasHeld = false
        facts.hasEscalated = true
        #expect(try judge().rule(facts, end: .escalated).verdict == .passedEscalated)
        facts.cause = Cause(component: "api", mechanism: "process-down")
        #expect(try judge().rule(facts, end: .escalated).verdict == .wrongCause)
    }

    @Test func knowsTheDrawnInstance() throws {
        let judge = try judge("api-crash")
        let right = RanAction(
            action: "restart-service",
            parameters: ["component": "api", "instance": "api-2"],
            state: .done
        )
        var other = right
        other.parameters["instance"] = "api-1"
        #expect(judge.marked([other, right]).map(\.isNeeded) == [false, true])
    }

    @Test func knowsAnInstanceHoweverItIsCalled() throws {
        var scenario = try Scenario.load("scenarios/api-crash.yaml")
        let binding = try #require(RoleBinding(scenario.roles, on: Topology.load("compose/topology.yaml")))
        func isNeeded(_ wanted: [String: String], _ given: [String: JSONValue], by name: String) -> Bool? {
            scenario.expect.repairs = [[.init(action: "restart-service", parameters: wanted)]]
            let judge = Judge(scenario, binding: binding, draw: Draw(values: ["instance": 2]))
            return judge.marked([RanAction(action: name, parameters: given, state: .done)]).first?.isNeeded
        }
        #expect(
            isNeeded(
                ["component": "web", "instance": "1"],
                ["component": "web", "instance": "web"],
                by: "restart-service"
            ) == true
        )
        #expect(isNeeded(["instance": "$instance"], ["instance": "api-2"], by: "restart-api") == true)
        #expect(isNeeded(["instance": "$instance"], ["instance": "api-1"], by: "restart-api") == false)
        #expect(
            isNeeded(["instance": "2"], ["component": "api", "instance": "api-2"], by: "restart-service") == true
        )
    }
}
