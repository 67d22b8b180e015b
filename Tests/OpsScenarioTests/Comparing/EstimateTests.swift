import Testing

@testable import OpsScenario

@Suite struct EstimateTests {
    @Test func whatIsAlwaysTheSameHasNoSpread() throws {
        let estimate = try #require(Estimate([1, 1, 1]))
        #expect((estimate.value, estimate.low, estimate.high) == (1, 1, 1))
        #expect(Estimate([]) == nil)
    }

    @Test func moreScenariosSayMore() throws {
        let few = try #require(Estimate([0, 1, 0, 1]))
        let many = try #require(Estimate((0..<100).map { Double($0 % 2) }))
        #expect(few.value == 0.5 && many.value == 0.5)
        #expect(few.low < many.low && many.low < 0.5)
        #expect(few.high > many.high && many.high > 0.5)
    }

    /// The exact interval of the mean of 100 fair coins is 0.40 to 0.60.
    @Test func theIntervalIsTheKnownOne() throws {
        let coins = try #require(Estimate((0..<100).map { Double($0 % 2) }))
        #expect(abs(coins.low - 0.4) <= 0.02 && abs(coins.high - 0.6) <= 0.02)
    }

    @Test func theSameFiguresGiveTheSameInterval() { #expect(Estimate([0, 1, 1]) == Estimate([0, 1, 1])) }

    @Test func quantilesAreTimesThatWereMeasured() throws {
        let times = try #require(Quantiles([3, 1, 2]))
        #expect((times.p50, times.p95) == (2, 3))
        let twenty = try #require(Quantiles((1...20).map(Double.init)))
        #expect((twenty.p50, twenty.p95) == (10, 19))
        #expect(Quantiles([]) == nil)
    }
}
