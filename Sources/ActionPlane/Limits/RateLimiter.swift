import OpsSystem
import Synchronization

/// Holds every principal to its own pace, dry runs and real runs apart.
final class RateLimiter: Sendable {
    /// What is being asked for.
    enum Purpose: Hashable, Sendable {
        case plan
        case act
    }

    private struct Caller: Hashable {
        var principal: String
        var purpose: Purpose
    }

    private let buckets = Mutex<[Caller: TokenBucket]>([:])
    private let perMinute: [Purpose: Int]

    /// The pace of real runs and that of dry runs; the burst is a third of a minute's worth, five at least.
    init(actionsPerMinute: Int, plansPerMinute: Int) {
        perMinute = [.act: actionsPerMinute, .plan: plansPerMinute]
    }

    /// Lets a request pass or says when to come back.
    func check(_ principal: String, _ purpose: Purpose, at now: UInt64 = BootClock.now()) throws(ActionError) {
        let rate = perMinute[purpose] ?? 1
        let wait = buckets.withLock { buckets in
            buckets[
                Caller(principal: principal, purpose: purpose),
                default: TokenBucket(capacity: max(5, rate / 3), perMinute: rate, at: now)
            ].take(at: now)
        }
        guard let wait else { return }
        throw ActionError(
            .rateLimited,
            "\(principal) asks more often than \(rate) times a minute",
            retryAfter: Int(wait.rounded(.up))
        )
    }
}
