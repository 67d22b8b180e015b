import OpsModel
import OpsPostgres
import OpsService
import OpsSystem
import Synchronization

/// Runs the report at its interval and whenever somebody asks, never twice at a time.
final class ReportSchedule: Service {
    struct Status: Codable, Sendable {
        var isRunning: Bool
        var runs: Int
        var failures: Int
        var last: SalesReport.Run?

        enum CodingKeys: String, CodingKey {
            case isRunning = "running"
            case runs
            case failures
            case last
        }
    }

    private let report: SalesReport
    private let interval: Duration
    private let logger: Logger
    private let ends: Counter
    private let turnstile = Turnstile(limit: 1)
    private let status = Mutex(Status(isRunning: false, runs: 0, failures: 0))

    init(_ report: SalesReport, every interval: Duration, logger: Logger, metrics: MetricsRegistry) {
        self.report = report
        self.interval = interval
        self.logger = logger
        ends = metrics.counter("shop_report_runs_total", "Runs of the report.", labels: ["result"])
        metrics.gauge("shop_report_last_duration_seconds", "Duration of the last run.") { [self] in
            now.last.map { [([], Double($0.durationMs) / 1_000)] } ?? []
        }
        metrics.gauge("shop_report_last_end_timestamp_seconds", "End of the last run.") { [self] in
            now.last.map { [([], $0.endedAt.secondsSinceEpoch)] } ?? []
        }
    }

    var now: Status { status.withLock { $0 } }

    func run() async throws {
        while !Task.isCancelled {
            try await Task.sleep(for: interval)
            // Logged where it happens; the next turn comes anyway.
            _ = try? await runOnce()
        }
    }

    /// Runs the report now, for as long as is said; nil when one is running.
    func runOnce(within budget: Duration? = nil) async throws -> SalesReport.Run? {
        try await turnstile.pass(within: .zero) {
            status.withLock { $0.isRunning = true }
            defer { status.withLock { $0.isRunning = false } }
            do {
                let run = try await report.run(within: budget)
                note(run)
                return run
            } catch {
                failed(error)
                throw error
            }
        }
    }

    private func note(_ run: SalesReport.Run) {
        ends.add(1, ["done"])
        status.withLock { status in
            status.runs += 1
            status.last = run
        }
        logger.warning(
            "report left products for later",
            ["first": .int(run.firstProduct), "last": .int(run.lastProduct), "duration_ms": .int(run.durationMs)]
        )
    }

    private func failed(_ error: any Error) {
        ends.add(1, ["failed"])
        status.withLock { $0.failures += 1 }
        var fields: [String: JSONValue] = ["error": .string("\(error)")]
        if let state = (error as? PostgresError)?.sqlState { fields["sqlstate"] = .string(state) }
        logger.error("report failed", fields)
    }
}
