import OpsModel
import Testing

@testable import ChaosServer

@Suite("Whether customers felt a fault")
struct EffectWatchTests {
    private let applied = Timestamp(secondsSinceEpoch: 1_700_000_000)
    private var watch: EffectWatch { EffectWatch(appliedAt: self.applied, objectives: ["browse": 0.99]) }

    private func buckets(good: Int, bad: Int = 0, from: Double, to: Double) -> [JourneyBucket] {
        stride(from: from, to: to, by: 0.5).map {
            JourneyBucket(seq: Int($0 * 2) + 100, journey: "browse", from: self.applied + $0, good: good, bad: bad)
        }
    }

    private func decide(_ buckets: [JourneyBucket], after seconds: Double) -> EffectWatch.Decision {
        self.watch.decide(buckets, now: self.applied + seconds)
    }

    @Test("a journey that breaks is felt at its first bad half second")
    func felt() {
        let lived = self.buckets(good: 40, from: -5, to: 2) + self.buckets(good: 10, bad: 30, from: 2, to: 4)
        #expect(self.decide(lived, after: 4) == .felt(self.applied + 2))
    }

    @Test("nothing is said too early, and journeys that hold make it ineffective")
    func ineffective() {
        let lived = self.buckets(good: 40, from: -5, to: 8)
        #expect(self.decide(lived, after: 7) == .wait)
        #expect(self.decide(lived, after: 7.5) == .ineffective)
    }

    @Test("what breaks later than five seconds is not its effect")
    func late() {
        let lived = self.buckets(good: 40, from: -5, to: 5.5) + self.buckets(good: 0, bad: 40, from: 5.5, to: 8)
        #expect(self.decide(lived, after: 8) == .ineffective)
    }

    @Test("where customers wait longer, it is felt later, and what they feel at once is still felt at once")
    func promised() {
        let watch = EffectWatch(appliedAt: self.applied, objectives: ["browse": 0.99], promises: ["browse": 10])
        let calm = self.buckets(good: 40, from: -5, to: 11)
        let late = calm + self.buckets(good: 0, bad: 40, from: 11, to: 14)
        #expect(watch.decide(calm, now: self.applied + 11) == .wait)
        #expect(watch.decide(late, now: self.applied + 14) == .felt(self.applied + 11))
        let still = self.buckets(good: 40, from: -5, to: 18)
        #expect(watch.decide(still, now: self.applied + 17) == .wait)
        #expect(watch.decide(still, now: self.applied + 17.5) == .ineffective)
    }

    @Test("trouble of before is not its effect, and without customers nothing is decided")
    func undecided() {
        #expect(self.decide(self.buckets(good: 0, bad: 40, from: -5, to: -1), after: 9) == .undecided)
        #expect(self.decide(self.buckets(good: 0, from: -5, to: 8), after: 9) == .undecided)
        #expect(self.decide([], after: 9) == .undecided)
    }

    @Test("a load that starts anew is heard again, and old half seconds go")
    func feed() {
        var feed = CustomerFeed()
        feed.take(self.buckets(good: 1, from: 0, to: 2), now: self.applied + 2)
        feed.take(self.buckets(good: 1, from: 0, to: 2), now: self.applied + 3)
        #expect(feed.buckets.count == 4)
        feed.take(self.buckets(good: 1, from: 20, to: 21), now: self.applied + 21)
        #expect(feed.buckets.map { $0.from - self.applied } == [1.5, 20, 20.5])
    }
}
