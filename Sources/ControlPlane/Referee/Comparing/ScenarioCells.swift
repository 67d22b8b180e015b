import OpsModel
import OpsScenario
import OpsSpec

/// Each scenario in words: how every agent fared, what proved nothing, and how long its runs took.
struct ScenarioCells {
    var comparison: Comparison

    var headings: [String] { ["scenario"] + comparison.agents.map(\.agent) + ["invalid", "time"] }

    /// A verdict where there is one seed, else how many of the runs that were judged passed.
    var rows: [[String]] {
        comparison.scenarios.map { scenario in
            let runs = comparison.runs.filter { $0.scenario == scenario }
            let cells = comparison.agents.map { score in cell(runs.filter { $0.contestant == score.agent }) }
            return [scenario] + cells + ["\(runs.count(where: isInvalid))", Self.time(runs)]
        }
    }

    /// All runs together.
    var total: String {
        let runs = comparison.runs
        let invalid = runs.count(where: isInvalid)
        let share = runs.isEmpty ? 0 : Int((Double(invalid) / Double(runs.count) * 100).rounded())
        return "\(runs.count) runs, \(invalid) of them proved nothing (\(share) %); \(Self.time(runs)) in a lab"
    }

    private func cell(_ runs: [RunReport]) -> String {
        let judged = runs.filter { !isInvalid($0) }
        if comparison.seeds.count == 1 { return (judged.last ?? runs.last)?.verdict ?? "-" }
        return runs.isEmpty ? "-" : "\(judged.count(where: \.passed))/\(judged.count)"
    }

    private func isInvalid(_ run: RunReport) -> Bool { !run.isJudged }

    private static func time(_ runs: [RunReport]) -> String {
        let spent = Int(runs.reduce(0) { $0 + (($1.endedAt ?? $1.startedAt) - $1.startedAt) }.rounded())
        return spent < 120 ? "\(spent) s" : "\(spent / 60) min \(spent % 60) s"
    }
}
