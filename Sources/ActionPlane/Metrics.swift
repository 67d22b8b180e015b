import OpsModel
import OpsService
import OpsSystem

/// Every metric of this service.
struct ActionMetrics: Sendable {
    private let runs: Counter
    private let refusals: Counter
    private let seconds: Histogram
    private let checks: Histogram

    init(_ registry: MetricsRegistry) {
        runs = registry.counter(
            "opslab_action_runs_total",
            "Runs that used up a grant, by action and end.",
            labels: ["action", "state"]
        )
        refusals = registry.counter(
            "opslab_action_refusals_total",
            "Requests refused before a grant was used up, by reason.",
            labels: ["code"]
        )
        seconds = registry.histogram(
            "opslab_action_run_seconds",
            "Time from the consumed grant to the end of the run.",
            labels: ["action"],
            buckets: [0.01, 0.05, 0.1, 0.5, 1, 2, 5, 10, 30]
        )
        checks = registry.histogram(
            "opslab_action_grant_check_seconds",
            "Time to check a grant, from the file of trusted keys to the ceiling; refused ones too.",
            buckets: Histogram.decisionBuckets
        )
    }

    /// Whatever came of the check.
    func checkedGrant(in duration: Duration) { checks.observe(duration.inSeconds) }

    func count(_ result: ActionResult) {
        runs.add(1, [result.action, result.state.rawValue])
        if let ended = result.endedAt { seconds.observe(ended - result.startedAt, [result.action]) }
    }

    func refused(_ error: ActionError) { refusals.add(1, [error.code.rawValue]) }
}
