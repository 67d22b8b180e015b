import OpsSystem

/// Decides whether a failed try is repeated, and when.
///
/// It does not wait, send or look at a clock.
///
/// A request that may have been carried out is repeated only when that does no harm: a safe method, or an idempotency key. The
/// wait grows from try to try and is drawn at random from the whole range, so that callers who failed together do not come
/// back together.
struct RetryPolicy: Sendable {
    enum Outcome: Sendable {
        case answered(status: Int, retryAfter: Int?)
        case failed(HTTPClientError.Code)
    }

    var firstWait: Duration = .milliseconds(50)
    var longestWait: Duration = .seconds(2)

    /// The time to wait before another try; nil to give up.
    func wait(
        after outcome: Outcome,
        tries: Int,
        retries: Int,
        isRepeatable: Bool,
        remaining: Duration,
        using generator: inout some RandomNumberGenerator
    ) -> Duration? {
        guard isRepeatable, tries <= retries else { return nil }
        let wait: Duration
        switch outcome {
        case .answered(let status, let seconds):
            guard [429, 502, 503, 504].contains(status) else { return nil }
            wait = seconds.map { .seconds($0) } ?? jittered(tries, &generator)
        case .failed(.unreachable), .failed(.interrupted), .failed(.timedOut): wait = jittered(tries, &generator)
        case .failed: return nil
        }
        return wait < remaining ? wait : nil
    }

    private func jittered(_ tries: Int, _ generator: inout some RandomNumberGenerator) -> Duration {
        let ceiling = min(longestWait.inSeconds, firstWait.inSeconds * Double(1 << min(tries - 1, 20)))
        return .seconds(Double.random(in: 0...ceiling, using: &generator))
    }
}
