import OpsHTTP
import OpsSystem

/// Holds every principal to its own pace, dry runs and real runs apart.
struct RunPace: Sendable {
    /// What is being asked for.
    enum Purpose: Sendable {
        case plan
        case act
    }

    private let perMinute: (act: Int, plan: Int)
    private let acts: RateLimiter
    private let plans: RateLimiter

    /// The pace of real runs and that of dry runs; the burst is a third of a minute's worth, five at least.
    init(actionsPerMinute: Int, plansPerMinute: Int) {
        perMinute = (actionsPerMinute, plansPerMinute)
        acts = Self.limiter(actionsPerMinute)
        plans = Self.limiter(plansPerMinute)
    }

    /// Lets a request pass or says when to come back.
    func check(
        _ principal: String,
        _ purpose: Purpose,
        at now: ContinuousClock.Instant = .now
    ) throws(ActionError) {
        let (limiter, rate) = purpose == .act ? (acts, perMinute.act) : (plans, perMinute.plan)
        guard let wait = limiter.take(principal, now: now) else { return }
        throw ActionError(
            .rateLimited,
            "\(principal) asks more often than \(rate) times a minute",
            retryAfter: Int(wait.inSeconds.rounded(.up))
        )
    }

    private static func limiter(_ perMinute: Int) -> RateLimiter {
        RateLimiter(perSecond: Double(perMinute) / 60, burst: max(5, perMinute / 3))
    }
}
