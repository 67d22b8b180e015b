import OpsModel
import OpsScenario
import OpsService
import OpsSpec
import OpsSystem

/// Every scenario with every contestant and every seed, one run after another.
struct Tournament: Sendable {
    var contestants: [Contestant]
    var scenarios: [Scenario]
    var seeds: ClosedRange<UInt64>
    /// Whose key signs every approval.
    var person: String
    /// What an agent that learns from the public set learns from.
    var publicSet: [Scenario]
    /// Whether the scenarios are all of their folder.
    var isWholeSuite: Bool
    var performance: RunPerformance

    /// One run to be performed.
    struct Fixture: Hashable, Sendable {
        var contestant: Contestant
        var scenario: Int
        var seed: UInt64
    }

    func play(tell: (String) -> Void) async throws -> Comparison {
        let fixtures = Self.fixtures(contestants, scenarios.count, seeds)
        var reports: [RunReport] = []
        let start = ContinuousClock.now
        for (index, fixture) in fixtures.enumerated() {
            reports += try await results(of: fixture, tell)
            let spent = ContinuousClock.now - start
            let left = spent.inSeconds / Double(index + 1) * Double(fixtures.count - index - 1)
            let rest = left > 0 ? "  \(minutes(left)) left" : ""
            tell("\(index + 1)/\(fixtures.count)  \(line(fixture, reports.last))\(rest)")
        }
        return Comparison(reports, agents: contestants.map(\.name), isWholeSuite: isWholeSuite)
    }

    /// Scenarios in an order that the seed decides, and in each the contestants one after another: what one of them leaves behind
    /// would be found by the next.
    static func fixtures(_ contestants: [Contestant], _ scenarios: Int, _ seeds: ClosedRange<UInt64>) -> [Fixture] {
        seeds.flatMap { seed in
            var chance = SeededGenerator(seed: seed).fork("order")
            return (0..<scenarios).shuffled(using: &chance).flatMap { scenario in
                contestants.map { Fixture(contestant: $0, scenario: scenario, seed: seed) }
            }
        }
    }

    /// What proves nothing is tried once more; both are kept.
    private func results(of fixture: Fixture, _ tell: (String) -> Void) async throws -> [RunReport] {
        let first = try await result(of: fixture)
        guard first.verdict == Verdict.invalid.rawValue else { return [first] }
        tell("      \(line(fixture, first))")
        return [first, try await result(of: fixture)]
    }

    private func result(of fixture: Fixture) async throws -> RunReport {
        var report = try await performance.perform(order(fixture))
        if fixture.contestant.name != report.agent { report.row = fixture.contestant.name }
        return report
    }

    private func order(_ fixture: Fixture) -> ScenarioOrder {
        ScenarioOrder(
            scenario: scenarios[fixture.scenario],
            seed: fixture.seed,
            person: person,
            baseline: Baselines.agent(
                named: fixture.contestant.agent,
                publicSet: publicSet,
                topology: performance.lab.topology
            ),
            agent: fixture.contestant.agent,
            handicap: fixture.contestant.conditions.handicap(seed: fixture.seed)
        )
    }

    private func line(_ fixture: Fixture, _ report: RunReport?) -> String {
        let about = "\(scenarios[fixture.scenario].id)  seed \(fixture.seed)  \(fixture.contestant.name)"
        guard let report else { return about }
        return "\(about): \(report.verdict), \(report.reason)"
    }

    private func minutes(_ seconds: Double) -> String {
        seconds < 90 ? "\(Int(seconds.rounded(.up))) s" : "\(Int((seconds / 60).rounded(.up))) min"
    }
}
