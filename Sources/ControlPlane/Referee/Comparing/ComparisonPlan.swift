import OpsModel
import OpsScenario

/// What a comparison is made of; runs of two plans are never put into one table.
struct ComparisonPlan: Codable, Hashable, Sendable {
    var agents: [String]
    /// Their ids, in the order of the files.
    var scenarios: [String]
    /// The first and the last.
    var seeds: [UInt64]
    /// Which set of scenario files it is, as `scenario lint --set-digest` says it of a whole folder.
    var setDigest: String
    /// Whether the scenarios are all of their folder.
    var isWholeSuite: Bool
    /// What all agents work under, in words; empty for nothing.
    var conditions = ""
    /// What everything is called by, where that was said; nil for the run's own seed.
    var renameSeed: Int?
    /// Incidents that ended before are remembered, in every part of it; nil without a memory.
    var memoryBefore: Timestamp?
    /// Whose ablations these are; nil where different agents are compared.
    var ablated: String?
    /// Whether the agents that have to lose leave out scenarios in which nothing is broken: no bound is about those.
    var sparesControls = false
    /// The judge's version.
    var judge = Judge.version

    enum CodingKeys: String, CodingKey {
        case agents, scenarios, seeds, conditions, judge, ablated
        case renameSeed = "rename_seed"
        case memoryBefore = "memory_before"
        case setDigest = "set_digest"
        case isWholeSuite = "is_whole_suite"
        case sparesControls = "spares_controls"
    }

    init(
        agents: [String],
        scenarios: [Scenario],
        seeds: ClosedRange<UInt64>,
        isWholeSuite: Bool,
        conditions: String = "",
        sparesControls: Bool = false
    ) {
        self.sparesControls = sparesControls
        self.conditions = conditions
        self.agents = agents
        self.scenarios = scenarios.map(\.id)
        self.seeds = [seeds.lowerBound, seeds.upperBound]
        setDigest = ScenarioSet.digest(of: scenarios)
        self.isWholeSuite = isWholeSuite
    }

    /// From the first to the last seed.
    var seedRange: ClosedRange<UInt64> {
        let first = seeds.min() ?? 1
        return first...(seeds.max() ?? first)
    }

    /// What this plan has otherwise than the one that was begun, a sentence for each.
    func differences(from begun: ComparisonPlan) -> [String] {
        var found: [String] = []
        if agents != begun.agents {
            found.append("it was begun with the agents \(Self.list(begun.agents)), not \(Self.list(agents))")
        }
        if seeds != begun.seeds {
            found.append("it was begun with the seeds \(Self.span(begun)), not \(Self.span(self))")
        }
        if sparesControls != begun.sparesControls {
            found.append("it was begun \(begun.sparesControls ? "with" : "without") --spare-controls")
        }
        if ablated != begun.ablated {
            found.append(begun.ablated.map { "it was begun as ablations of \($0)" } ?? "it was begun as a comparison")
        }
        if renameSeed != begun.renameSeed { found.append("it was begun with another --rename-seed") }
        if conditions != begun.conditions {
            let words = begun.conditions.isEmpty ? "nothing kept back" : begun.conditions
            found.append("it was begun under other conditions: \(words)")
        }
        let (mine, theirs) = (Set(scenarios), Set(begun.scenarios))
        let news = mine.subtracting(theirs).sorted()
        let gone = theirs.subtracting(mine).sorted()
        if !news.isEmpty { found.append("it was begun without \(Self.list(news))") }
        if !gone.isEmpty { found.append("\(Self.list(gone)) is no part of it any more") }
        if mine == theirs, setDigest != begun.setDigest {
            found.append("a scenario's file has changed since it was begun (\(begun.setDigest.prefix(12))…)")
        }
        if judge != begun.judge { found.append("it was begun with version \(begun.judge) of the judge, now \(judge)") }
        return found
    }

    private static func list(_ words: [String]) -> String { words.joined(separator: ", ") }

    private static func span(_ plan: ComparisonPlan) -> String {
        plan.seeds.map(String.init).joined(separator: "..")
    }
}
