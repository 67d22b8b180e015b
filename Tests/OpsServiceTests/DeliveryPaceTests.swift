import OpsModel
import OpsService
import Testing

@Suite struct DeliveryPaceTests {
    private let now = Timestamp(secondsSinceEpoch: 1_000)

    @Test func doublesItsWaitUpToTheLongest() {
        var pace = DeliveryPace(firstS: 0.2, longestS: 5)
        var generator = SeededGenerator(seed: 1)
        #expect(pace.isTime(at: now))
        for wait in [0.2, 0.4, 0.8, 1.6, 3.2, 5, 5] {
            pace.failed(at: now, using: &generator)
            #expect(!pace.isTime(at: now + (wait - 0.001)) && pace.isTime(at: now + wait), "\(wait)")
        }
        #expect(pace.failures == 7)
        pace.succeeded()
        #expect(pace.failures == 0 && pace.isTime(at: now))
    }

    @Test func staysTheLongestAfterVeryManyFailures() {
        var pace = DeliveryPace(firstS: 1, longestS: 60)
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<10_000 { pace.failed(at: now, using: &generator) }
        #expect(!pace.isTime(at: now + 59.9) && pace.isTime(at: now + 60))
    }

    @Test func drawsEachWaitAnewWithinItsShare() {
        var generator = SeededGenerator(seed: 7)
        var early = 0
        for _ in 0..<200 {
            var pace = DeliveryPace(firstS: 1, longestS: 60, jitter: 0.5)
            pace.failed(at: now, using: &generator)
            #expect(!pace.isTime(at: now + 0.499) && pace.isTime(at: now + 1))
            if pace.isTime(at: now + 0.75) { early += 1 }
        }
        #expect((60...140).contains(early))
    }
}
