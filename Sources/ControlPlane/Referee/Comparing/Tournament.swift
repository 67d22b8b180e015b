import OpsModel
import OpsScenario
import OpsService
import OpsSpec
import OpsSystem

/// Every scenario with every agent and every seed; each run goes to whichever lab is free.
struct Tournament: Sendable {
    var plan: ComparisonPlan
    var scenarios: [Scenario]
    /// Whose key signs every approval.
    var person: String
    /// What an agent that learns from the public set learns from.
    var publicSet: [Scenario]
    /// One for each lab; their reports go where the comparison is kept.
    var labs: [RunPerformance]

    /// One run to be performed.
    struct Fixture: Hashable, Sendable {
        var agent: String
        var scenario: Int
        var seed: UInt64
    }

    /// Plays what is left of the plan.
    ///
    /// - Throws: What a lab that cannot be used says, and when the task is cancelled; what was judged is kept.
    func play(after earlier: [RunReport], tell: @escaping @Sendable (String) -> Void) async throws {
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

    /// All runs of the plan in their order.
    var fixtures: [Fixture] { Self.fixtures(plan.agents, scenarios.count, plan.seedRange) }

    /// Scenarios in an order that the seed decides, and in each the agents one after another: what one of them leaves behind
    /// would be found by the next.
    static func fixtures(_ agents: [String], _ scenarios: Int, _ seeds: ClosedRange<UInt64>) -> [Fixture] {
        seeds.flatMap { seed in
            var chance = SeededGenerator(seed: seed).fork("order")
            return (0..<scenarios).shuffled(using: &chance).flatMap { scenario in
                agents.map { Fixture(agent: $0, scenario: scenario, seed: seed) }
            }
        }
    }

    /// What proves nothing is tried once more; both are kept.
    private func perform(
        _ fixture: Fixture,
        _ tries: Int,
        in lab: RunPerformance,
        _ tell: (String) -> Void
    ) async throws -> RunReport {
        let report = try await lab.perform(order(fixture, in: lab))
        guard tries > 1, report.verdict == Verdict.invalid.rawValue else { return report }
        tell("         \(line(fixture, report))")
        return try await lab.perform(order(fixture, in: lab))
    }

    private func order(_ fixture: Fixture, in lab: RunPerformance) -> ScenarioOrder {
        ScenarioOrder(
            scenario: scenarios[fixture.scenario],
            seed: fixture.seed,
            approver: ApproverScript(scenarios[fixture.scenario].approvers.first ?? "") ?? .approve,
            person: person,
            playedAgent: Baselines.agent(
                named: fixture.agent,
                publicSet: publicSet,
                topology: lab.lab.topology
            ),
            agent: fixture.agent
        )
    }

    private func line(_ fixture: Fixture, _ report: RunReport) -> String {
        let spent = report.endedAt.map { "  \(seconds($0 - report.startedAt))" } ?? ""
        let about = "\(scenarios[fixture.scenario].id)  seed \(fixture.seed)  \(fixture.agent)"
        return "\(about): \(report.verdict), \(report.reason)\(spent)"
    }
}
