import Testing

@testable import ActionPlane

@Suite struct TokenBucketTests {
    private let second: UInt64 = 1_000_000_000

    @Test func letsABurstThroughAndThenKeepsThePace() throws {
        var bucket = TokenBucket(capacity: 3, perMinute: 60, at: 0)
        for _ in 0..<3 {
            let taken = bucket.take(at: 0)
            #expect(taken == nil)
        }
        let taken = bucket.take(at: 0)
        let wait = try #require(taken)
        #expect(abs(wait - 1) < 0.001)
        #expect(bucket.take(at: second) == nil)
        #expect(bucket.take(at: second) != nil)
        #expect(bucket.take(at: second / 2) != nil, "time that goes back brings nothing")
    }

    @Test func neverHoldsMoreThanItsCapacity() {
        var bucket = TokenBucket(capacity: 2, perMinute: 60, at: 0)
        let later = 1_000 * second
        #expect(bucket.take(at: later) == nil && bucket.take(at: later) == nil)
        #expect(bucket.take(at: later) != nil)
    }

    @Test func principalsAndPurposesDoNotShare() throws {
        let limiter = RateLimiter(actionsPerMinute: 3, plansPerMinute: 300)
        for _ in 0..<5 { try limiter.check("gate", .act, at: 0) }
        let error = #expect(throws: ActionError.self) { try limiter.check("gate", .act, at: 0) }
        #expect(error?.code == .rateLimited && (error?.retryAfter ?? 0) >= 1)
        try limiter.check("gate", .plan, at: 0)
        try limiter.check("ann", .act, at: 0)
    }
}
