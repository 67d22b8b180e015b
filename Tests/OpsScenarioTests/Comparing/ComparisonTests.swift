import OpsModel
import OpsSpec
import Testing

@testable import OpsScenario

@Suite struct ComparisonTests {
    /// A run of a scenario in which something is broken, unless told otherwise.
    static func run(
        _ scenario: String = "a",
        agent: String = "x",
        seed: Int = 1,
        draw: [String: JSONValue]? = nil,
        verdict: Verdict = .passed,
        isControl: Bool = false
    ) -> RunReport {
        let start = Timestamp(secondsSinceEpoch: 1_000)
        return RunReport(
            run: "run-\(scenario)-\(seed)",
            scenario: scenario,
            seed: seed,
            draw: draw ?? ["n": .int(seed)],
            agent: agent,
            isolation: "I2",
            verdict: verdict.rawValue,
            passed: verdict.isPass,
            startedAt: start,
            endedAt: start + 36,
            expectedCause: isControl ? nil : Cause(component: "db", mechanism: "lock-contention")
        )
    }

    private func score(_ runs: [RunReport]) -> AgentScore { AgentScore("x", runs) }

    @Test func scenariosWeighTheSameHoweverOftenTheyWereRun() {
        let runs = [Self.run("a"), Self.run("a", seed: 2), Self.run("b", verdict: .notMitigated)]
        #expect(score(runs).passed?.value == 0.5)
    }

    @Test func equalDrawsCountOnce() {
        let same: [String: JSONValue] = ["n": 1]
        let runs = [
            Self.run(seed: 1, draw: same), Self.run(seed: 2, draw: same),
            Self.run(seed: 3, draw: ["n": 2], verdict: .collateral),
        ]
        #expect(score(runs).passed?.value == 0.5)
        #expect(score(runs).runs == 3)
    }

    @Test func oneFailureOfAScenarioIsNotAlways() {
        let runs = [Self.run("a"), Self.run("a", seed: 2, verdict: .relapsed), Self.run("b")]
        #expect(score(runs).passedAlways?.value == 0.5)
        #expect(score(runs).passed?.value == 0.75)
    }

    @Test func whatProvesNothingIsCountedAndNothingElse() {
        let score = score([Self.run("a"), Self.run("b", verdict: .invalid)])
        #expect((score.runs, score.invalid) == (1, 1))
        #expect(score.passed?.value == 1)
        #expect(self.score([Self.run(verdict: .invalid)]).passed == nil)
    }

    @Test func whoeverSpoilsARunByLookingHasNotPassedIt() {
        var void = Self.run("b", verdict: .invalid)
        void.reason = "contaminated: somebody tried closed doors: chaos refused 1 requests"
        let score = score([Self.run("a"), void])
        #expect((score.runs, score.invalid) == (2, 0))
        #expect(score.passed?.value == 0.5)
    }

    @Test func tooManyRunsWithoutAVerdictAreNoWholeComparison() {
        func isComplete(unjudged: Int, of count: Int) -> Bool {
            let runs = (1...count).map { Self.run("s\($0)", verdict: $0 <= unjudged ? .invalid : .passed) }
            return Comparison(runs, agents: ["x"], isWholeSuite: true).isComplete
        }
        #expect(isComplete(unjudged: 1, of: 20))
        #expect(!isComplete(unjudged: 2, of: 20))
        #expect(isComplete(unjudged: 2, of: 40))
        #expect(!isComplete(unjudged: 1, of: 1))
        let again = [Self.run("a", verdict: .invalid), Self.run("a"), Self.run("b", verdict: .invalid), Self.run("b")]
        #expect(Comparison(again, agents: ["x"], isWholeSuite: true).isComplete, "judged at the second go")
    }

    @Test func aRepairWithTheWrongCauseIsCleanAndNotPassed() {
        var lucky = Self.run(verdict: .wrongCause)
        lucky.serviceBackS = 3
        #expect(score([lucky]).clean?.value == 1)
        #expect(score([lucky]).passed?.value == 0)
        #expect(score([Self.run(verdict: .wrongCause)]).clean?.value == 0, "handed over with the wrong component")
        #expect(score([Self.run(verdict: .collateral)]).clean?.value == 0)
    }

    @Test func controlsAreNoMitigations() {
        let score = score([Self.run("a", verdict: .passedUntouched, isControl: true), Self.run("b", verdict: .gaveUp)])
        #expect(score.clean?.value == 0)
        #expect(score.passedFaults?.value == 0)
        #expect(score.passed?.value == 0.5)
    }

    @Test func pagesOfControlsAreCountedByTheHourEvenWhenTheyMakeTheRunInvalid() throws {
        var paged = Self.run("a", verdict: .invalid, isControl: true)
        paged.incident = "inc-1"
        let score = score([paged, Self.run("b", verdict: .passedUntouched, isControl: true)])
        #expect(abs(try #require(score.falsePagesPerHour) - 50) < 0.001)
        #expect(self.score([Self.run()]).falsePagesPerHour == nil)
    }

    @Test func precisionIsAboutActionsAndNothingWithoutThem() {
        var run = Self.run()
        run.actions = [
            RanAction(action: "a", state: .done), RanAction(action: "b", state: .done, isNeeded: false),
            RanAction(action: "c", state: .done, isNeeded: false),
            RanAction(action: "d", state: .done, isNeeded: false),
        ]
        #expect(score([run]).precision == 0.25)
        #expect(score([Self.run()]).precision == nil)
    }

    @Test func anAgentWithoutRunsHasARowOfNothing() {
        let comparison = Comparison([Self.run(agent: "builtin")], agents: ["spray", "builtin"], isWholeSuite: true)
        #expect(comparison.agents.map(\.agent) == ["spray", "builtin"])
        #expect(comparison.agents[0].runs == 0 && comparison.agents[0].passed == nil)
        #expect(comparison.agents[1].passed?.value == 1)
    }

    @Test func whatAnAgentMissedIsToldAndWhatItPassedInTheEndIsNot() {
        let comparison = Comparison(
            [
                Self.run("a", verdict: .invalid), Self.run("a"), Self.run("b", seed: 2, verdict: .gaveUp),
                Self.run("c", verdict: .invalid), Self.run("d", agent: "y", verdict: .gaveUp),
            ],
            agents: ["x", "y"],
            isWholeSuite: true
        )
        #expect(comparison.missed(by: "x") == ["x  b  seed 2: gave-up, ", "x  c  seed 1: invalid, "])
        #expect(comparison.missed(by: "y").count == 1)
        var row = Self.run("a", agent: "builtin", verdict: .gaveUp)
        row.row = "renamed"
        let rows = Comparison([row], agents: ["renamed"], isWholeSuite: true)
        #expect(rows.missed(by: "renamed") == ["renamed  a  seed 1: gave-up, "])
    }

    @Test func theApproversTimeIsApart() {
        var asked = Self.run("a")
        asked.approvals = [RunApproval(id: "apr-1", state: .approved)]
        asked.approverWaitS = 7
        #expect(score([asked, Self.run("b")]).approverWaitS?.p50 == 7)
        #expect(score([Self.run("b")]).approverWaitS == nil, "nobody was asked")
    }

    @Test func theRightComponentCountsWhateverTheMechanismWas() {
        var half = Self.run("a", verdict: .gaveUp)
        half.causeScore = 0.5
        #expect(score([half, Self.run("b", verdict: .notMitigated)]).rightComponent?.value == 0.5)
        #expect(score([Self.run(isControl: true)]).rightComponent == nil)
    }

    @Test func aRowIsMoreThanItsAgent() {
        var renamed = Self.run(agent: "builtin", verdict: .gaveUp)
        renamed.row = "renamed"
        renamed.handicap = Handicap(renameSeed: 1)
        let comparison = Comparison(
            [Self.run(agent: "builtin"), renamed],
            agents: ["builtin", "renamed"],
            isWholeSuite: false
        )
        #expect(comparison.agents.map(\.passed?.value) == [1, 0])
        #expect(comparison.conditions == nil, "not the same for all")
        #expect(Comparison([renamed], agents: ["renamed"], isWholeSuite: false).conditions == "renamed")
    }

    @Test func itCanBeWrittenAndRead() throws {
        let comparison = Comparison([Self.run(agent: "spray")], agents: ["spray"], isWholeSuite: true)
        #expect(try OpsJSON.decode(Comparison.self, from: OpsJSON.encode(comparison)) == comparison)
    }
}
