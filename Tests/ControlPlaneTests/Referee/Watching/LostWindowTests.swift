import OpsModel
import Testing

@testable import ControlPlane

/// When nothing that comes can save a window any more, and when it still can.
@Suite struct LostWindowTests {
    private let start = Timestamp(secondsSinceEpoch: 1_000)

    /// Half seconds of checkout with 20 requests each, so many of them bad.
    private func watch(_ bad: [Int]) -> JourneyWatch {
        let buckets = bad.enumerated().map { index, bad in
            ObservedJourneyBucket(
                bucket: JourneyBucket(
                    seq: index,
                    journey: "checkout",
                    from: start + 0.5 * Double(index),
                    good: 20 - bad,
                    bad: bad
                ),
                isStarved: false
            )
        }
        return JourneyWatch(objectives: ["checkout": 0.99], buckets: buckets)
    }

    private func isLost(_ bad: [Int], since lastS: Double) -> Bool {
        watch(bad).isLost(window: 15, since: start + lastS, until: start + 0.5 * Double(bad.count))
    }

    @Test func anOutageThatGoesOnLosesEveryWindow() { #expect(isLost([20, 20, 20, 20, 20, 20], since: 2)) }

    @Test func whatWasBadBeforeTheLastBeginningDoesNot() {
        #expect(!isLost([20, 20, 20, 20, 0, 0], since: 2))
        #expect(!isLost([20, 20, 20, 20], since: 2), "nothing was seen since")
        #expect(!isLost([20, 20], since: 2), "its time has not come")
    }

    @Test func aFewBadOnesMayStillBeAllowed() {
        #expect(!isLost([0, 0, 0, 0, 2, 1], since: 2))
        #expect(isLost([0, 0, 0, 0, 20, 11], since: 2), "more than a window of twice as many allows")
    }

    /// What is called lost must not hold, however well the rest goes.
    @Test(arguments: 0...20)
    func neverGivesUpWhatCouldHold(_ bad: Int) {
        guard isLost([bad, bad], since: 0) else { return }
        let rest = Array(repeating: 0, count: 30)
        #expect(!watch([bad, bad] + rest).holds(from: start, to: start + 15))
    }
}
