import OpsCommand
import OpsScenario

/// A comparison as a terminal shows it.
struct ComparisonTable {
    var comparison: Comparison

    var lines: [String] {
        var table = TextTable(ScoreCells.headings, numbers: Set(ScoreCells.headings.dropFirst()))
        for score in comparison.agents { table.add(ScoreCells(score: score).cells) }
        return [table.render(), "", ScoreCells.legend(comparison)] + comparison.breaches.map { "TOO EASY  \($0)" }
    }
}
