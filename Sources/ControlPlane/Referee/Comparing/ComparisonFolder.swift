import OpsModel
import OpsSystem

/// Where a comparison is kept while it goes on: its plan, and a report for every run as soon as that is judged.
///
/// Each file is written whole or not at all, so that whatever ends a comparison, what was judged can be read again.
struct ComparisonFolder: Sendable {
    var directory: String

    /// Where the runs write their reports.
    var runs: String { "\(directory)/runs" }

    /// The plan that was begun here; nil where none was.
    func plan() throws -> ComparisonPlan? {
        guard FileSystem.exists(planFile) else { return nil }
        return try OpsJSON.decode(ComparisonPlan.self, from: FileSystem.read(planFile))
    }

    /// Begins a plan here; only one process at a time works on it, as long as it holds the lock.
    func begin(_ plan: ComparisonPlan) throws -> FileLock {
        try FileSystem.makeDirectory(runs, mode: 0o700)
        guard let lock = try FileLock.tryAcquire("\(directory)/lock") else {
            throw RefereeError.comparisonTaken(directory)
        }
        try FileSystem.writeAtomically(try OpsJSON.encode(plan, pretty: true), to: planFile, mode: 0o600)
        return lock
    }

    /// What was judged so far, oldest first.
    func reports() throws -> [RunReport] {
        guard FileSystem.isDirectory(runs) else { return [] }
        return try FileSystem.list(runs)
            .filter { $0.hasSuffix(".json") && !$0.hasSuffix(RunReportFile.recordSuffix) }
            .map { try OpsJSON.decode(RunReport.self, from: FileSystem.read("\(runs)/\($0)")) }
            .sorted { ($0.startedAt, $0.run) < ($1.startedAt, $1.run) }
    }

    private var planFile: String { "\(directory)/plan.json" }
}
