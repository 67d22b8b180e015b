import OpsModel
import OpsSpec
import OpsYAML
import Testing

@testable import OpsScenario

/// Faults that the world takes back by itself.
@Suite struct PassingFaultTests {
    @Test func aFaultMayBeOverByItself() throws {
        var text = ScenarioText()
        text.draw += ", spell: 6s..9s"
        text.lasting = "$spell"
        text.expect = "end: untouched"
        text.repair = "[]"
        text.needless = "[]"
        text.proof = "{do: [], verdict: passed-untouched}"
        let scenario = try Scenario.parse(text.yaml.replacing("repairs: [[]], ", with: ""))
        let lasting = try #require(scenario.injections.first?.lasting)
        #expect(Draw(values: ["spell": 7.5]).seconds(of: lasting) == 7.5)
        #expect(scenario.bounds(lasting) == 6...9)
    }

    @Test func whatIsToBeRepairedStays() {
        let problems = ScenarioText.problems { $0.lasting = "6s" }
        #expect(
            problems.map(\.message) == ["an end 'repaired' needs a fault that stays, a cause and at least one repair"]
        )
    }

    @Test func whatIsLeftUntouchedDoesNot() {
        let problems = ScenarioText.problems {
            $0.expect = "end: untouched, cause: {component: database, mechanism: lock-contention}"
        }
        #expect(problems.map(\.message).contains { $0.hasPrefix("an end 'untouched' is for controls") }, "\(problems)")
        #expect(problems.compactMap(\.hint).contains { $0.contains("for: 4s") })
    }

    @Test(arguments: ["0s", "180s", "5m"])
    func itEndsAfterSomeTimeAndBeforeItsLease(_ time: String) {
        let problems = ScenarioText.problems { $0.lasting = time }
        #expect(problems.map(\.message).contains("'for' of db-lock has to be a time that is shorter than its lease"))
    }

    @Test func aDrawnTimeIsATime() {
        let problems = ScenarioText.problems { $0.lasting = "$mode" }
        #expect(
            problems.map(\.message).contains("'for' needs a time, which the draw mode does not give"),
            "\(problems)"
        )
    }

    private func judge(_ id: String) throws -> Judge {
        let scenario = try Scenario.load("scenarios/\(id).yaml")
        let binding = try #require(RoleBinding(scenario.roles, on: Topology.load("compose/topology.yaml")))
        return Judge(scenario, binding: binding, draw: Draw(scenario, seed: 1))
    }

    @Test func aPageThatWasRightIsNoReasonToAct() throws {
        var facts = RunFacts()
        #expect(try judge("provider-blip").rule(facts).verdict == .invalid)
        facts.hasPaged = true
        #expect(try judge("provider-blip").rule(facts).verdict == .passedUntouched)
        #expect(try judge("worker-restarts").rule(facts).verdict == .invalid)
        facts.hasEscalated = true
        #expect(try judge("provider-blip").rule(facts).verdict == .falseAlarm)
        facts.hasEscalated = false
        facts.actions = [RanAction(action: "switch-to-fallback", parameters: [:], state: .done)]
        #expect(try judge("provider-blip").rule(facts).verdict == .falseAlarm)
        facts.actions = []
        facts.broken = ["checkout"]
        #expect(try judge("provider-blip").rule(facts).verdict == .invalid)
    }

    @Test func whatAJudgeOfBeforeCalledInvalidIsToldApart() throws {
        let scenario = try Scenario.load("scenarios/provider-blip.yaml")
        let binding = try #require(RoleBinding(scenario.roles, on: Topology.load("compose/topology.yaml")))
        var facts = RunFacts()
        facts.hasPaged = true
        var record = RunRecord(
            run: "run-1",
            scenario: scenario.source,
            binding: binding,
            draw: Draw(scenario, seed: 1),
            end: .untouched,
            facts: facts,
            verdict: .invalid
        )
        record.judge = 1
        let regrade = try record.regraded()
        #expect(!regrade.isSame && regrade.now == .passedUntouched)
        #expect(regrade.changes.first == Judge.changes[2])
    }
}
