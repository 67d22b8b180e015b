import OpsCommand
import OpsModel
import OpsRuntime
import OpsScenario

/// Where a comparison goes when it is over: into four files, and onto the terminal.
struct ComparisonOutcome {
    var comparison: Comparison
    /// The folder of the files; nil for a new one in the lab's reports.
    var out: String?
    var isJSON: Bool

    func tell(in lab: RefereeLab) throws {
        let folder = out ?? "\(lab.lab.layout.reports)/\(Identifier.random(prefix: "compare", length: 8))"
        let page = try ComparisonFiles(directory: folder).write(comparison)
        guard !isJSON else { return Terminal.out(try OpsJSON.string(comparison)) }
        for line in ComparisonTable(comparison: comparison).lines { Terminal.out(line) }
        Terminal.out("Report   \(page)")
    }
}
