import OpsModel
import Testing

@testable import TargetServer

@Suite struct TallyTests {
    private func at(_ milliseconds: Int64) -> Timestamp { Timestamp(microseconds: milliseconds * 1_000) }

    private func seen(_ isGood: Bool, _ code: String = "200", instance: String = "api-1", ms: Double = 1) -> Observation
    {
        Observation(isGood: isGood, code: code, instance: instance, customer: 4, milliseconds: ms)
    }

    @Test func anOpenHalfSecondIsNotShown() {
        var tally = Tally()
        tally.record(seen(true), of: .browse, at: at(100))
        let step1 = tally.after(0, now: at(499))
        #expect(step1.isEmpty)
        let step2 = tally.after(0, now: at(500))
        #expect(step2.count == 3)
    }

    @Test func countsByCodeInstanceAndCustomer() throws {
        var tally = Tally()
        tally.record(seen(true, ms: 10), of: .browse, at: at(1_000))
        tally.record(seen(false, "500", ms: 30), of: .browse, at: at(1_100))
        tally.record(seen(false, "slow", instance: "", ms: 250), of: .browse, at: at(1_499))
        let bucket = try #require(tally.after(0, now: at(1_500)).first { $0.journey == "browse" })
        #expect((bucket.good, bucket.bad) == (1, 2))
        #expect(bucket.byCode == ["500": 1, "slow": 1])
        #expect(bucket.byInstance == ["api-1": 1])
        #expect(bucket.byRoute == ["GET /api/products": 2])
        #expect(bucket.byCustomer == ["4": 2])
        #expect(bucket.p50Ms == 30)
        #expect(bucket.p99Ms == 250)
        #expect(bucket.from == at(1_000))
    }

    @Test func silenceIsShownAsEmptyHalfSeconds() {
        var tally = Tally()
        tally.record(seen(true), of: .browse, at: at(0))
        let buckets = tally.after(0, now: at(2_000)).filter { $0.journey == "browse" }
        #expect(buckets.map(\.good) == [1, 0, 0, 0])
    }

    @Test func numbersRiseAndNothingIsShownTwice() {
        var tally = Tally()
        _ = tally.after(0, now: at(0))
        var last = 0
        var numbers: [Int] = []
        for step in 1...20 {
            let buckets = tally.after(last, now: at(Int64(step) * 250))
            numbers += buckets.map(\.seq)
            last = buckets.last?.seq ?? last
        }
        #expect(numbers == Array(1...30))
    }

    @Test func aNewProcessGoesOnWhereTheOldOneEnded() {
        var old = Tally()
        old.record(seen(true), of: .browse, at: at(0))
        let last = old.after(0, now: at(1_000)).map(\.seq).max() ?? 0
        var new = Tally()
        new.record(seen(true), of: .browse, at: at(3_100))
        let next = new.after(last, now: at(3_500))
        #expect(next.map(\.seq) == [19, 20, 21])
    }

    @Test func aStoppedProcessDoesNotFillItsMemory() {
        var tally = Tally()
        _ = tally.after(0, now: at(0))
        let step3 = tally.after(0, now: at(1_000_000_000))
        #expect(step3.count <= 3 * 241)
    }
}
