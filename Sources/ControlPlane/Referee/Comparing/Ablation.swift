import OpsModel

/// One row of the table that shows where an agent's knowledge lies, and what it is deaf to: the same agent, one thing changed.
enum Ablation: String, CaseIterable, Sendable {
    case asItIs = "as-it-is"
    case noRunbooks = "no-runbooks"
    case leaveOneOut = "leave-one-out"
    case noLogs = "no-logs"
    case noPostgres = "no-pg"
    case staleRunbooks = "stale"
    case injectedRunbooks = "injected"
    case lateTelemetry = "late"
    case renamed
    case warmMemory = "warm"

    /// The row in words.
    var title: String {
        switch self {
        case .asItIs: "as it is"
        case .noRunbooks: "without runbooks"
        case .leaveOneOut: "without its own runbook"
        case .noLogs: "without logs"
        case .noPostgres: "without pg"
        case .staleRunbooks: "stale runbooks"
        case .injectedRunbooks: "injected runbooks"
        case .lateTelemetry: "telemetry 5 s late"
        case .renamed: "renamed"
        case .warmMemory: "warm memory"
        }
    }

    /// What changes; memory is that of a moment before the first run.
    func conditions(rememberedBefore moment: Timestamp) -> Conditions {
        var conditions = Conditions()
        switch self {
        case .asItIs: break
        case .noRunbooks: conditions.handicap.withheldRunbooks = ["*"]
        case .leaveOneOut: conditions.isLeaveOneOut = true
        case .noLogs: conditions.handicap.withheldReads = ["log"]
        case .noPostgres: conditions.handicap.withheldReads = ["pg"]
        case .staleRunbooks: conditions.handicap.hasStaleRunbooks = true
        case .injectedRunbooks: conditions.isPlanted = true
        case .lateTelemetry: conditions.handicap.telemetryDelayS = 5
        case .renamed: conditions.isRenamed = true
        case .warmMemory: conditions.handicap.memoryBefore = moment
        }
        return conditions
    }
}
