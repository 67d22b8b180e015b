import Testing

@testable import TargetServer

@Suite struct CircuitBreakerTests {
    @Test func opensAfterARowOfFailuresAndTriesAgainLater() {
        var breaker = CircuitBreaker(threshold: 3, pause: .seconds(1))
        let start = ContinuousClock.now
        #expect(breaker.admits(at: start))
        #expect(!breaker.failed(at: start))
        #expect(!breaker.failed(at: start))
        #expect(breaker.failed(at: start))
        #expect(!breaker.admits(at: start + .milliseconds(900)))
        #expect(breaker.refuses(at: start + .milliseconds(900)))
        #expect(!breaker.refuses(at: start + .seconds(1)))
        #expect(breaker.admits(at: start + .seconds(1)))
        #expect(!breaker.admits(at: start + .seconds(1)), "one trial at a time")
    }

    @Test func aSuccessBetweenFailuresStartsTheRowAnew() {
        var breaker = CircuitBreaker(threshold: 2, pause: .seconds(1))
        _ = breaker.failed(at: .now)
        breaker.succeeded()
        #expect(!breaker.failed(at: .now))
        #expect(breaker.state == .closed)
    }

    @Test func aFailedTrialOpensAgainAndAGoodOneCloses() {
        var breaker = CircuitBreaker(threshold: 1, pause: .seconds(1))
        let start = ContinuousClock.now
        #expect(breaker.failed(at: start))
        #expect(breaker.admits(at: start + .seconds(1)))
        #expect(!breaker.failed(at: start + .seconds(1)), "it was open already")
        #expect(!breaker.admits(at: start + .milliseconds(1_500)))
        #expect(breaker.admits(at: start + .seconds(2)))
        breaker.succeeded()
        #expect(breaker.state == .closed)
    }
}

@Suite struct RetryBudgetTests {
    @Test func retriesAreAShareOfTheCalls() {
        var budget = RetryBudget(percent: 10, capacity: 1)
        #expect(budget.takesRetry())
        #expect(!budget.takesRetry())
        for _ in 0..<9 { budget.called() }
        #expect(!budget.takesRetry())
        for _ in 0..<2 { budget.called() }
        #expect(budget.takesRetry())
    }

    @Test func nothingIsSavedUpWithoutABudget() {
        var budget = RetryBudget(percent: 0)
        for _ in 0..<100 { budget.called() }
        #expect(!budget.takesRetry())
    }
}
