public import OpsModel

/// Several agents on the same suite, side by side.
public struct Comparison: Codable, Hashable, Sendable {
    /// How the agents were kept from looking; results of different levels are never put in one table.
    public var isolation: String
    /// The scenarios, in alphabetical order.
    public var scenarios: [String]
    /// The seeds, smallest first.
    public var seeds: [Int]
    /// One row for each agent, in the order asked for.
    public var agents: [AgentScore]
    /// Whether these are all scenarios of their folder; only of a whole suite it can be said that it is too easy.
    public var isWholeSuite: Bool
    /// How many runs are still to be judged; of a part nothing is said about the suite.
    public var runsLeft: Int
    /// What the suite makes too easy; empty for a suite whose scores can be believed, and for a part of one.
    public var breaches: [String]
    /// The runs themselves, in the order in which they were performed.
    public var runs: [RunReport]

    /// Compares the runs of some agents.
    ///
    /// - Precondition: all of one isolation level.
    public init(_ runs: [RunReport], agents names: [String], isWholeSuite: Bool, runsLeft: Int = 0) {
        precondition(Set(runs.map(\.isolation)).count <= 1, "results of different levels are never put in one table")
        isolation = runs.first?.isolation ?? ""
        scenarios = Set(runs.map(\.scenario)).sorted()
        seeds = Set(runs.map(\.seed)).sorted()
        agents = names.map { name in AgentScore(name, runs.filter { $0.contestant == name }) }
        self.isWholeSuite = isWholeSuite
        self.runsLeft = runsLeft
        breaches = isWholeSuite && runsLeft == 0 ? agents.flatMap(SuiteBound.breaches) : []
        self.runs = runs
    }

    /// What an agent did not pass in the end, a line for each scenario and seed: how it ended, and why.
    public func missed(by agent: String) -> [String] {
        let runs = runs.filter { $0.contestant == agent }
        let cells = Dictionary(grouping: runs) { Cell(scenario: $0.scenario, seed: $0.seed) }
        return cells.values.compactMap { tries -> RunReport? in tries.contains(where: \.passed) ? nil : tries.last }
            .sorted { ($0.scenario, $0.seed) < ($1.scenario, $1.seed) }
            .map { "\($0.contestant)  \($0.scenario)  seed \($0.seed): \($0.verdict), \($0.reason)" }
    }

    private struct Cell: Hashable {
        var scenario: String
        var seed: Int
    }

    /// Whether every run of the plan was performed, and each agent was judged in at least one and in all but a few.
    ///
    /// One scenario and seed without a verdict, or one in twenty, is bad luck; more is something to be looked into.
    public var isComplete: Bool {
        runsLeft == 0
            && agents.allSatisfy { score in
                let cells = Dictionary(grouping: runs.filter { $0.contestant == score.agent }) {
                    Cell(scenario: $0.scenario, seed: $0.seed)
                }
                let open = cells.values.count { tries in !tries.contains(where: \.isJudged) }
                return score.runs > 0 && open <= max(1, cells.count / 20)
            }
    }

    /// What all of them worked under, in words; nil where it was nothing, or not the same for all.
    public var conditions: String? {
        let words = Set(runs.map { $0.handicap?.words ?? "" })
        return words.count == 1 ? words.first.flatMap { $0.isEmpty ? nil : $0 } : nil
    }

    private enum CodingKeys: String, CodingKey {
        case isolation, scenarios, seeds, agents, breaches, runs
        case isWholeSuite = "is_whole_suite"
        case runsLeft = "runs_left"
    }
}
