import OpsHTTP
import Testing

@Suite struct RateLimiterTests {
    @Test func givesTheBurstThenTheRate() throws {
        let limiter = RateLimiter(perSecond: 10, burst: 3)
        let start = ContinuousClock.now
        for _ in 0..<3 { #expect(limiter.take("a", now: start) == nil) }
        let wait = try #require(limiter.take("a", now: start))
        #expect(wait > .milliseconds(90) && wait <= .milliseconds(101))
        #expect(limiter.take("a", now: start + .milliseconds(101)) == nil)
        #expect(limiter.take("a", now: start + .milliseconds(102)) != nil)
    }

    @Test func neverHoldsMoreThanTheBurst() {
        let limiter = RateLimiter(perSecond: 1, burst: 2)
        let start = ContinuousClock.now
        #expect(limiter.take("a", now: start) == nil)
        let later = start + .seconds(1_000)
        #expect(limiter.take("a", now: later) == nil && limiter.take("a", now: later) == nil)
        #expect(limiter.take("a", now: later) != nil)
    }

    @Test func timeThatGoesBackBringsNothing() throws {
        let limiter = RateLimiter(perSecond: 1, burst: 1)
        let start = ContinuousClock.now
        #expect(limiter.take("a", now: start) == nil)
        #expect(limiter.take("a", now: start + .seconds(1)) == nil)
        let wait = try #require(limiter.take("a", now: start + .milliseconds(500)))
        #expect(wait == .seconds(1))
        #expect(limiter.take("a", now: start + .milliseconds(1_500)) != nil)
    }

    @Test func callersDoNotShareAnAllowance() {
        let limiter = RateLimiter(perSecond: 1, burst: 1)
        let start = ContinuousClock.now
        #expect(limiter.take("a", now: start) == nil)
        #expect(limiter.take("b", now: start) == nil)
        #expect(limiter.take("a", now: start) != nil)
    }

    @Test func forgettingFullBucketsKeepsTheEmptyOnes() {
        let limiter = RateLimiter(perSecond: 1, burst: 1, capacity: 10)
        let start = ContinuousClock.now
        #expect(limiter.take("busy", now: start) == nil)
        for number in 0..<50 { _ = limiter.take("\(number)", now: start - .seconds(10)) }
        #expect(limiter.take("busy", now: start) != nil)
    }
}
