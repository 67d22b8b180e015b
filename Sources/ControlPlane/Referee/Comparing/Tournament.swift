import OpsModel
import OpsRuntime
import OpsScenario
import OpsService
import OpsSpec
import OpsSystem

/// Every scenario with every contestant and every seed; each run goes to whichever lab is free.
struct Tournament: Sendable {
    var contestants: [Contestant]
    var scenarios: [Scenario]
    var seeds: ClosedRange<UInt64>
    /// Whose key signs every approval.
    var person: String
    /// What an agent that learns from the public set learns from.
    var publicSet: [Scenario]
    /// How agents that are somebody's own are started.
    var own: AgentOptions
    /// One for each lab; their reports go where the comparison is kept.
    var labs: [RunPerformance]

    /// One run to be performed.
    struct Fixture: Hashable, Sendable {
        var contestant: Contestant
        var scenario: Int
        var seed: UInt64
    }

    /// Plays what is left of the plan.
    ///
    /// - Throws: What a lab that cannot be used says, and when the task is cancelled; what was judged is kept.
    func play(after earlier: [RunReport], tell: @escaping @Sendable (String) -> Void) async throws {
        let fixtures = Self.fixtures(contestants, scenarios.count, seeds, controls: Self.controls(in: scenarios))
        let schedule = Schedule(all: fixtures, scenarios: scenarios.map(\.id), judged: earlier)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for lab in labs {
                group.addTask {
                    while let (fixture, tries) = schedule.next() {
                        try Task.checkCancellation()
                        let report = try await perform(fixture, tries, in: lab, tell)
                        tell(schedule.line(line(fixture, report)))
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    /// Scenarios in an order that the seed decides, and in each the contestants one after another.
    ///
    /// What one of them leaves behind would be found by the next. `controls` are those in which nothing is broken, by index.
    static func fixtures(
        _ contestants: [Contestant],
        _ scenarios: Int,
        _ seeds: ClosedRange<UInt64>,
        controls: Set<Int> = []
    ) -> [Fixture] {
        seeds.flatMap { seed in
            var chance = SeededGenerator(seed: seed).fork("order")
            return (0..<scenarios).shuffled(using: &chance).flatMap { scenario in
                contestants.filter { !($0.sparesControls && controls.contains(scenario)) }
                    .map { Fixture(contestant: $0, scenario: scenario, seed: seed) }
            }
        }
    }

    /// The scenarios in which nothing has to be done, by index.
    static func controls(in scenarios: [Scenario]) -> Set<Int> {
        Set(scenarios.indices.filter { scenarios[$0].expect.end == .untouched })
    }

    /// What proves nothing is tried once more; both are kept.
    private func perform(
        _ fixture: Fixture,
        _ tries: Int,
        in lab: RunPerformance,
        _ tell: (String) -> Void
    ) async throws -> RunReport {
        let report = try await lab.perform(try order(fixture, in: lab))
        guard tries > 1, report.verdict == Verdict.invalid.rawValue else { return report }
        tell("         \(line(fixture, report))")
        return try await lab.perform(try order(fixture, in: lab))
    }

    private func order(_ fixture: Fixture, in lab: RunPerformance) throws -> ScenarioOrder {
        let contestant = fixture.contestant
        let baseline = Baselines.agent(named: contestant.agent, publicSet: publicSet, topology: lab.lab.topology)
        let conditions = contestant.conditions
        let runbooks = conditions.isLeaveOneOut ? try RunbookFolder.load(lab.lab.lab.layout.runbooks).runbooks : []
        let scenario = scenarios[fixture.scenario]
        return ScenarioOrder(
            scenario: scenario,
            seed: fixture.seed,
            approver: ApproverScript(scenario.approvers.first ?? "") ?? .approve,
            person: person,
            playedAgent: try baseline ?? own.agent(contestant.agent),
            agent: contestant.agent,
            row: contestant.name == contestant.agent ? nil : contestant.name,
            handicap: conditions.handicap(seed: fixture.seed, knownTo: scenario.experts(among: runbooks)),
            lacksItsRunbook: conditions.isLeaveOneOut
        )
    }

    private func line(_ fixture: Fixture, _ report: RunReport) -> String {
        let spent = report.endedAt.map { "  \(seconds($0 - report.startedAt))" } ?? ""
        let about = "\(scenarios[fixture.scenario].id)  seed \(fixture.seed)  \(fixture.contestant.name)"
        return "\(about): \(report.verdict), \(report.reason)\(spent)"
    }
}
