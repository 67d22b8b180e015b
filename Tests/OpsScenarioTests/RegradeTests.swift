import OpsModel
import OpsSpec
import Testing

@testable import OpsScenario

@Suite struct RegradeTests {
    private func record(_ verdict: Verdict, end: Scenario.End = .repaired) throws -> RunRecord {
        let scenario = try Scenario.load("scenarios/db-lock.yaml")
        let topology = try Topology.load("compose/topology.yaml")
        let binding = try #require(RoleBinding(scenario.roles, on: topology))
        return RunRecord(
            run: "run-1",
            scenario: scenario.source,
            binding: binding,
            draw: Draw(scenario, seed: 7),
            end: end,
            facts: JudgeTests().clean,
            verdict: verdict
        )
    }

    @Test func theSameFactsGetTheSameVerdictAfterARoundTrip() throws {
        let written = try OpsJSON.encode(record(.passed))
        let regrade = try OpsJSON.decode(RunRecord.self, from: written).regraded()
        #expect(regrade.isSame && regrade.now == .passed)
        #expect(regrade.scenario == "db-lock")
    }

    @Test func theEndThatWasAskedForStillCounts() throws {
        #expect(try record(.passed, end: .escalated).regraded().now == .collateral)
    }

    @Test func anotherVerdictSaysSo() throws {
        let regrade = try record(.relapsed).regraded()
        #expect(!regrade.isSame && regrade.was == .relapsed && regrade.now == .passed)
    }

    @Test func whatChangedIsToldForEveryVersionSince() throws {
        #expect((2...max(2, Judge.version)).allSatisfy { $0 > Judge.version || Judge.changes[$0] != nil })
        #expect(Judge.changes.keys.allSatisfy { $0 <= Judge.version && $0 > 1 })
    }

    @Test func aScenarioThatIsNoneAnyMoreIsRefused() throws {
        var record = try record(.passed)
        record.scenario = "scenario: 1\n"
        #expect(throws: SpecProblems.self) { try record.regraded() }
    }
}
