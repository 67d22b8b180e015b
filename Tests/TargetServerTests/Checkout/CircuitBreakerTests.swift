import Testing

@testable import TargetServer

@Suite struct CircuitBreakerTests {
    @Test func opensAfterARowOfFailuresAndTriesAgainLater() {
        var breaker = CircuitBreaker(threshold: 3, pause: .seconds(1))
        let start = ContinuousClock.now
        let step1 = breaker.admits(at: start)
        #expect(step1)
        let step2 = breaker.failed(at: start)
        #expect(!step2)
        let step3 = breaker.failed(at: start)
        #expect(!step3)
        let step4 = breaker.failed(at: start)
        #expect(step4)
        let step5 = breaker.admits(at: start + .milliseconds(900))
        #expect(!step5)
        #expect(breaker.refuses(at: start + .milliseconds(900)))
        #expect(!breaker.refuses(at: start + .seconds(1)))
        let step6 = breaker.admits(at: start + .seconds(1))
        #expect(step6)
        let step7 = breaker.admits(at: start + .seconds(1))
        #expect(!step7, "one trial at a time")
    }

    @Test func aSuccessBetweenFailuresStartsTheRowAnew() {
        var breaker = CircuitBreaker(threshold: 2, pause: .seconds(1))
        _ = breaker.failed(at: .now)
        breaker.succeeded()
        let step8 = breaker.failed(at: .now)
        #expect(!step8)
        #expect(breaker.state == .closed)
    }

    @Test func aFailedTrialOpensAgainAndAGoodOneCloses() {
        var breaker = CircuitBreaker(threshold: 1, pause: .seconds(1))
        let start = ContinuousClock.now
        let step9 = breaker.failed(at: start)
        #expect(step9)
        let step10 = breaker.admits(at: start + .seconds(1))
        #expect(step10)
        let step11 = breaker.failed(at: start + .seconds(1))
        #expect(!step11, "it was open already")
        let step12 = breaker.admits(at: start + .milliseconds(1_500))
        #expect(!step12)
        let step13 = breaker.admits(at: start + .seconds(2))
        #expect(step13)
        breaker.succeeded()
        #expect(breaker.state == .closed)
    }
}

@Suite struct RetryBudgetTests {
    @Test func retriesAreAShareOfTheCalls() {
        var budget = RetryBudget(percent: 10, capacity: 1)
        let step14 = budget.takesRetry()
        #expect(step14)
        let step15 = budget.takesRetry()
        #expect(!step15)
        for _ in 0..<9 { budget.called() }
        let step16 = budget.takesRetry()
        #expect(!step16)
        for _ in 0..<2 { budget.called() }
        let step17 = budget.takesRetry()
        #expect(step17)
    }

    @Test func nothingIsSavedUpWithoutABudget() {
        var budget = RetryBudget(percent: 0)
        for _ in 0..<100 { budget.called() }
        let step18 = budget.takesRetry()
        #expect(!step18)
    }
}
