import OpsModel
import Testing

@testable import ControlPlane

@Suite struct RecoveryWatchTests {
    let start = Timestamp(microseconds: 1_800_000_000_000_000)
    var watch: RecoveryWatch {
        RecoveryWatch(verification: .init(proposal: "p", since: start, windowS: 15, deadline: start + 45))
    }

    func journey(good: Int, bad: Int, at seconds: Double, starved: Bool = false, firing: Bool = false) -> JourneyStatus
    {
        JourneyStatus(
            journey: "checkout",
            objective: 0.99,
            windowS: 15,
            good: good,
            bad: bad,
            isStarved: starved,
            isFiring: firing,
            at: start + seconds
        )
    }

    @Test func waitsForAWholeWindow() {
        #expect(watch.judge([journey(good: 300, bad: 0, at: 10)], at: start + 10) == .wait)
        #expect(watch.judge([journey(good: 450, bad: 1, at: 15)], at: start + 15) == .recovered)
    }

    @Test func provesNothingBySilenceOrStarvedSamples() {
        #expect(watch.judge([], at: start + 16) == .wait)
        #expect(watch.judge([journey(good: 0, bad: 0, at: 16)], at: start + 16) == .wait)
        #expect(watch.judge([journey(good: 450, bad: 0, at: 16, starved: true)], at: start + 16) == .wait)
        #expect(watch.judge([journey(good: 450, bad: 0, at: 5)], at: start + 16) == .wait)
        #expect(watch.judge([journey(good: 450, bad: 0, at: 16, firing: true)], at: start + 16) == .wait)
    }

    @Test func givesUpAtTheDeadline() {
        #expect(watch.judge([journey(good: 200, bad: 100, at: 45)], at: start + 45) == .failed)
    }

    @Test func neverCountsSamplesFromBeforeTheRepair() {
        #expect(watch.windowStart(at: start + 5) == start)
        #expect(watch.windowStart(at: start + 20) == start + 5)
    }
}
