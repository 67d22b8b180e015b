import OpsSystem
import Synchronization

/// A token bucket per caller: `burst` requests at once, `perSecond` in the long run.
public final class RateLimiter: Sendable {
    private struct Bucket {
        var tokens: Double
        var filledAt: ContinuousClock.Instant
    }

    private let perSecond: Double
    private let burst: Double
    private let capacity: Int
    private let buckets = Mutex<[String: Bucket]>([:])

    /// Sets the limits; at most `capacity` callers are remembered, and full buckets are forgotten first.
    public init(perSecond: Double, burst: Int, capacity: Int = 10_000) {
        self.perSecond = max(perSecond, 0.001)
        self.burst = Double(max(burst, 1))
        self.capacity = capacity
    }

    /// Takes one request off a caller's allowance; otherwise the time until the next is free.
    ///
    /// Callers read the clock before they wait for the lock, so `now` may be older than the last; that brings nothing.
    public func take(_ caller: String, now: ContinuousClock.Instant = .now) -> Duration? {
        buckets.withLock { buckets in
            if buckets.count >= capacity { buckets = buckets.filter { level($0.value, now) < burst } }
            let before = buckets[caller]
            var tokens = before.map { level($0, now) } ?? burst
            let missing = 1 - tokens
            if missing <= 0 { tokens -= 1 }
            buckets[caller] = Bucket(tokens: tokens, filledAt: max(now, before?.filledAt ?? now))
            return missing <= 0 ? nil : .seconds(missing / perSecond)
        }
    }

    private func level(_ bucket: Bucket, _ now: ContinuousClock.Instant) -> Double {
        min(burst, bucket.tokens + max(.zero, now - bucket.filledAt).inSeconds * perSecond)
    }
}
