import OpsModel
import OpsScenario
import OpsSpec
import OpsSystem
import OpsTestKit
import Testing

@testable import ControlPlane

/// What is left of a comparison that was cut, and what may go on from there.
@Suite struct ComparisonFolderTests {
    private let scenarios: [Scenario]
    private let directory: TemporaryDirectory

    init() throws {
        scenarios = try ["db-lock", "quiet"].map { try Scenario.load("scenarios/\($0).yaml") }
        directory = try TemporaryDirectory()
    }

    private func plan(
        _ agents: [String] = ["spray", "builtin"],
        _ seeds: ClosedRange<UInt64> = 1...2
    ) -> ComparisonPlan {
        ComparisonPlan(agents: agents, scenarios: scenarios, seeds: seeds, isWholeSuite: false)
    }

    private func report(
        _ scenario: String = "db-lock",
        _ agent: String = "spray",
        seed: Int = 1,
        verdict: Verdict = .passed,
        run: String = "run-1"
    ) -> RunReport {
        RunReport(
            run: run,
            scenario: scenario,
            seed: seed,
            agent: agent,
            isolation: "I2",
            verdict: verdict.rawValue,
            passed: verdict.isPass,
            startedAt: Timestamp(secondsSinceEpoch: run == "run-1" ? 10 : 20),
            expectedCause: Cause(component: "db", mechanism: "lock-contention")
        )
    }

    private func open(_ judged: [RunReport]) -> [String] {
        let schedule = Schedule(
            all: Tournament.fixtures(plan().agents.map { Contestant($0) }, 2, plan().seedRange),
            scenarios: plan().scenarios,
            judged: judged
        )
        var open: [String] = []
        while let (fixture, tries) = schedule.next() {
            open.append("\(plan().scenarios[fixture.scenario]) \(fixture.contestant.name) \(fixture.seed) \(tries)")
        }
        return open
    }

    @Test func whatWasJudgedIsReadAgainOldestFirst() throws {
        let folder = ComparisonFolder(directory: directory.file("out"))
        #expect(try folder.plan() == nil && folder.reports().isEmpty)
        let lock = try folder.begin(plan())
        let files = RunReportFile(directory: folder.runs)
        _ = try files.write(report(run: "run-2"), told: ["line"])
        _ = try files.write(report(run: "run-1"), told: [])
        try FileSystem.writeAtomically("{}", to: "\(folder.runs)/run-1.record.json")
        #expect(try folder.plan() == plan())
        #expect(try folder.reports().map(\.run) == ["run-1", "run-2"])
        #expect(throws: RefereeError.self, "one at a time") { try folder.begin(plan()) }
        lock.release()
        try folder.begin(plan()).release()
    }

    @Test func onlyWhatHasNoVerdictIsLeft() {
        #expect(open([]).count == 8)
        let left = open([report(), report("quiet", "builtin", seed: 2, verdict: .invalid)])
        #expect(left.count == 7)
        #expect(!left.contains { $0.hasPrefix("db-lock spray 1 ") })
        #expect(left.contains("quiet builtin 2 1"), "it was tried once")
        #expect(left.contains("quiet builtin 1 2"))
        let twice = [report(verdict: .invalid), report(verdict: .invalid, run: "run-2")]
        #expect(open(twice).count == 7, "a run that proves nothing is tried twice and no more")
    }

    @Test func anotherPlanIsToldFromTheOneThatWasBegun() throws {
        #expect(plan().differences(from: plan()).isEmpty)
        #expect(
            plan(["builtin"]).differences(from: plan()) == [
                "it was begun with the agents spray, builtin, not builtin"
            ]
        )
        #expect(
            plan(["spray", "builtin"], 1...5).differences(from: plan()) == [
                "it was begun with the seeds 1..2, not 1..5"
            ]
        )
        let one = ComparisonPlan(agents: plan().agents, scenarios: [scenarios[0]], seeds: 1...2, isWholeSuite: false)
        #expect(one.differences(from: plan()) == ["quiet is no part of it any more"])
        #expect(plan().differences(from: one) == ["it was begun without quiet"])
        var changed = plan()
        changed.setDigest = "0123456789abcdef"
        #expect(
            plan().differences(from: changed) == ["a scenario's file has changed since it was begun (0123456789ab…)"]
        )
        changed = plan()
        changed.judge = 0
        #expect(plan().differences(from: changed).count == 1)
    }

    @Test func ablationsOtherNamesAndComparisonsAreNotMixed() {
        var ablation = plan(["as it is"])
        ablation.ablated = "builtin"
        var other = ablation
        other.ablated = "spray"
        #expect(other.differences(from: ablation) == ["it was begun as ablations of builtin"])
        #expect(plan(["as it is"]).differences(from: ablation) == ["it was begun as ablations of builtin"])
        #expect(ablation.differences(from: plan(["as it is"])) == ["it was begun as a comparison"])
        var renamed = plan()
        renamed.renameSeed = 3
        #expect(renamed.differences(from: plan()).count == 1)
        var later = plan()
        later.memoryBefore = Timestamp(secondsSinceEpoch: 9)
        #expect(later.differences(from: plan()).isEmpty, "who goes on remembers what was remembered at first")
    }

    @Test func theSetIsTheOneThatLintSays() throws {
        #expect(plan().setDigest == ScenarioSet.digest(of: scenarios.reversed()))
    }

    @Test func aTableOfAPartSaysSo() {
        let part = Comparison([report()], agents: ["spray"], isWholeSuite: true, runsLeft: 3)
        #expect(part.breaches.isEmpty, "nothing is said of the suite before all of it was run")
        #expect(ComparisonTable(comparison: part).lines.first?.hasPrefix("PARTIAL   3 runs") == true)
        #expect(ComparisonMarkdown(comparison: part).text.contains("**Partial:** 3 runs"))
        #expect(ComparisonPage(comparison: part).html.contains("Partial: 3 runs"))
        let whole = Comparison([report()], agents: ["spray"], isWholeSuite: true)
        #expect(whole.breaches.count == 1)
        #expect(ComparisonTable(comparison: whole).lines.first?.hasPrefix("agent") == true)
    }

    @Test func eachScenarioHasItsVerdictsAndItsTime() {
        var long = report(verdict: .invalid)
        long.endedAt = long.startedAt + 130
        let comparison = Comparison(
            [long, report(run: "run-2"), report("quiet", "builtin")],
            agents: ["spray", "builtin"],
            isWholeSuite: false
        )
        let cells = ScenarioCells(comparison: comparison)
        #expect(
            cells.rows == [
                ["db-lock", "passed", "-", "1", "2 min 10 s"], ["quiet", "-", "passed", "0", "0 s"],
            ]
        )
        var row = report()
        row.row = "renamed"
        let rows = Comparison([row], agents: ["renamed"], isWholeSuite: false)
        #expect(ScenarioCells(comparison: rows).rows == [["db-lock", "passed", "0", "0 s"]])
        #expect(cells.total == "3 runs, 1 of them proved nothing (33 %); 2 min 10 s in a lab")
    }
}
