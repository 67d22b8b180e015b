import OpsModel
import OpsScenario

/// A comparison as Markdown, for a pull request or a page of results.
struct ComparisonMarkdown {
    var comparison: Comparison

    var text: String {
        var parts = ["# Agents compared", ScoreCells.legend(comparison)]
        if comparison.runsLeft > 0 { parts.append("**Partial:** \(comparison.runsLeft) runs are still to be judged.") }
        parts += comparison.breaches.map { "**Too easy:** \($0)" }
        parts.append(table(ScoreCells.headings, comparison.agents.map { ScoreCells(score: $0).cells }))
        parts += ["## Verdicts", table(["scenario", "seed"] + names, verdicts)]
        return parts.joined(separator: "\n\n") + "\n"
    }

    private var names: [String] { comparison.agents.map(\.agent) }

    /// For each scenario and seed the verdicts of each agent; more than one where a run was tried again.
    private var verdicts: [[String]] {
        comparison.scenarios.flatMap { scenario in
            comparison.seeds.map { seed in
                [scenario, "\(seed)"]
                    + names.map { name in
                        comparison.runs.filter { $0.scenario == scenario && $0.seed == seed && $0.agent == name }
                            .map(\.verdict).joined(separator: ", ")
                    }
            }
        }
    }

    private func table(_ headings: [String], _ rows: [[String]]) -> String {
        ([headings, headings.map { _ in "---" }] + rows)
            .map { "| " + $0.map(cell).joined(separator: " | ") + " |" }.joined(separator: "\n")
    }

    private func cell(_ text: String) -> String {
        Markup.escaped(text).replacing("|", with: "\\|").replacing("\n", with: " ")
    }
}
