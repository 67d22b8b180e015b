import OpsCommand
import OpsScenario

/// A comparison as a terminal shows it: the agents, the scenarios, and what the suite makes too easy.
struct ComparisonTable {
    var comparison: Comparison

    var lines: [String] {
        var table = TextTable(ScoreCells.headings, numbers: Set(ScoreCells.headings.dropFirst()))
        for score in comparison.agents { table.add(ScoreCells(score: score).cells) }
        let cells = ScenarioCells(comparison: comparison)
        var scenarios = TextTable(cells.headings, numbers: ["invalid", "time"])
        for row in cells.rows { scenarios.add(row) }
        return partial + [table.render(), "", ScoreCells.legend(comparison), "", scenarios.render(), "", cells.total]
            + comparison.breaches.map { "TOO EASY  \($0)" }
    }

    private var partial: [String] {
        guard comparison.runsLeft > 0 else { return [] }
        return ["PARTIAL   \(comparison.runsLeft) runs are still to be judged; no share of these is the suite's", ""]
    }
}
