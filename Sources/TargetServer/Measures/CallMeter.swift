import OpsService
import OpsSystem

/// Counts one component's calls to others: how many, how they ended, how often they were tried, how long they took.
struct CallMeter: Sendable {
    let from: String
    private let calls: Counter
    private let attempts: Counter
    private let seconds: Histogram

    init(from: String, _ metrics: MetricsRegistry) {
        self.from = from
        calls = metrics.counter(
            "shop_calls_total",
            "Finished calls by end points and code.",
            labels: ["from", "to", "code"]
        )
        attempts = metrics.counter(
            "shop_call_attempts_total",
            "Attempts, repeated ones included.",
            labels: ["from", "to"]
        )
        seconds = metrics.histogram("shop_call_duration_seconds", "Duration of calls.", labels: ["from", "to"])
    }

    func attempted(_ to: String) { attempts.add(1, [from, to]) }

    func finished(_ to: String, _ code: String, since start: ContinuousClock.Instant) {
        calls.add(1, [from, to, code])
        seconds.observe(start.duration(to: .now).inSeconds, [from, to])
    }

    /// Counts one call that is one attempt and has no status of its own.
    nonisolated(nonsending) func measure<Value>(_ to: String, _ body: () async throws -> Value) async throws -> Value {
        let start = ContinuousClock.now
        attempted(to)
        do {
            let value = try await body()
            finished(to, "ok", since: start)
            return value
        } catch let error as any CallFailure {
            finished(to, error.code, since: start)
            throw error
        } catch {
            finished(to, FailureCode.word(for: error), since: start)
            throw error
        }
    }
}

/// A failure that knows the word it is counted under.
protocol CallFailure: Error {
    var code: String { get }
}
