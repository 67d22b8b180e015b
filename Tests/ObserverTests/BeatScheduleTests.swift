import Testing

@testable import Observer

@Suite struct BeatScheduleTests {
    private let start = ContinuousClock.now

    /// The beats of a sampler whose looks take so many milliseconds, in milliseconds from the beginning.
    private func beats(_ looks: [Int]) -> [Int] {
        var schedule = BeatSchedule(period: .milliseconds(500), from: start)
        var now = start
        return looks.map { look in
            let beat = max(schedule.beat(after: now), now)
            now = beat + .milliseconds(look)
            return Int(start.duration(to: beat) / .milliseconds(1))
        }
    }

    @Test func shortLooksKeepTheirDistance() { #expect(beats([10, 200, 499, 1]) == [0, 500, 1_000, 1_500]) }

    @Test func aLongLookLeavesBeatsOutAndDelaysNone() {
        #expect(beats([10, 1_010, 10, 10]) == [0, 500, 2_000, 2_500])
        #expect(beats([1_000, 1_000]) == [0, 1_000])
    }

    /// What comes late is late against its own beat, and not against one that fell while the target was slow to answer.
    @Test func whoWaitedForTheTargetIsNotLate() {
        var schedule = BeatSchedule(period: .milliseconds(500), from: start)
        _ = schedule.beat(after: start)
        let done = start + .milliseconds(1_003)
        #expect(schedule.beat(after: done) > done)
    }
}
