/// Calls from one component to another, taken together over instances and codes.
struct CallTally: Sendable {
    var from: String
    var to: String
    var byCode: [String: Double] = [:]
    var attempts = 0.0
    var seconds = 0.0
    var timed = 0.0
    /// Calls that took no longer than the bound, by bound in seconds.
    var buckets: [Double: Double] = [:]

    var finished: Double { byCode.values.reduce(0, +) }

    func errors(code: String?) -> Double {
        byCode.filter { entry in code.map { $0 == entry.key } ?? CallCode.isError(entry.key) }.values.reduce(0, +)
    }

    /// Mean duration in milliseconds; nil without calls.
    var meanMs: Double? { timed > 0 ? seconds / timed * 1_000 : nil }

    /// The bound below which 99 of 100 calls lie, in milliseconds.
    var p99Ms: Double? {
        guard timed > 0 else { return nil }
        let bound = buckets.keys.sorted().first { (buckets[$0] ?? 0) >= 0.99 * timed }
        return bound.map { $0 * 1_000 }
    }

    /// Attempts for each call; 1 without retries.
    var amplification: Double? { finished > 0 && attempts > 0 ? attempts / finished : nil }
}
