import OpsModel
import Testing

@testable import Observer

@Suite("JourneyWatch")
struct JourneyWatchTests {
    private func bucket(_ half: Int, good: Int, bad: Int, starved: Bool = false, p99: Double = 10) -> ObservedBucket {
        let from = Timestamp(secondsSinceEpoch: 10_000 + Double(half) * 0.5)
        let bucket = JourneyBucket(
            seq: half,
            journey: "checkout",
            from: from,
            good: good,
            bad: bad,
            byCode: bad > 0 ? ["500": bad] : [:],
            byInstance: bad > 0 ? ["api-1": bad] : [:],
            p99Ms: p99
        )
        return ObservedBucket(bucket: bucket, isStarved: starved)
    }

    @Test("pages once, says why, and takes the page back when the objective holds again")
    func wholeStory() throws {
        var watch = JourneyWatch(name: "checkout", objective: 0.99)
        var pages: [Page] = []
        for half in 0..<40 { if let page = watch.observe(bucket(half, good: 15, bad: 0)) { pages.append(page) } }
        #expect(pages.isEmpty)
        for half in 40..<50 { if let page = watch.observe(bucket(half, good: 0, bad: 15)) { pages.append(page) } }
        #expect(pages.count == 1)
        let fired = try #require(pages.first)
        #expect(fired.status == .firing)
        #expect(fired.startedAt - Timestamp(secondsSinceEpoch: 10_020) <= 1.0)
        #expect(fired.summary.hasPrefix("checkout: "))
        #expect(fired.summary.contains("objective 99 %"))
        #expect(watch.page?.fingerprint == fired.fingerprint)
        for half in 50..<90 { if let page = watch.observe(bucket(half, good: 15, bad: 0)) { pages.append(page) } }
        #expect(pages.count == 2)
        let resolved = try #require(pages.last)
        #expect(resolved.status == .resolved)
        #expect(resolved.fingerprint == fired.fingerprint)
        #expect(resolved.startedAt == fired.startedAt)
        let endedAt = try #require(resolved.endedAt)
        #expect(endedAt - Timestamp(secondsSinceEpoch: 10_025) >= 5)
        #expect(watch.page == nil)
    }

    @Test("starved samples alone can neither page nor take a page back")
    func starvedOnly() {
        var watch = JourneyWatch(name: "checkout", objective: 0.99)
        for half in 0..<60 { #expect(watch.observe(bucket(half, good: 0, bad: 15, starved: true)) == nil) }
        #expect(watch.page == nil)
        for half in 60..<90 { _ = watch.observe(bucket(half, good: 0, bad: 15)) }
        #expect(watch.page != nil)
        for half in 90..<200 { #expect(watch.observe(bucket(half, good: 15, bad: 0, starved: true)) == nil) }
        #expect(watch.page != nil)
    }

    @Test("nobody is paged before ten seconds of samples are there")
    func settles() {
        var watch = JourneyWatch(name: "checkout", objective: 0.99)
        for half in 0..<20 { #expect(watch.observe(bucket(half, good: 0, bad: 15)) == nil) }
        for half in 20..<24 { _ = watch.observe(bucket(half, good: 0, bad: 15)) }
        #expect(watch.page != nil)
    }

    @Test("status sums a window and tells a starved sample in it")
    func status() {
        var watch = JourneyWatch(name: "checkout", objective: 0.99)
        for half in 0..<20 { _ = watch.observe(bucket(half, good: 9, bad: 1, starved: half == 18, p99: Double(half))) }
        let status = watch.status(seconds: 2, now: Timestamp(secondsSinceEpoch: 10_010))
        #expect(status.good == 36)
        #expect(status.bad == 4)
        #expect(status.ratio == 0.9)
        #expect((status.burn ?? 0) > 9.9 && (status.burn ?? 0) < 10.1)
        #expect(status.p99Ms == 19)
        #expect(status.isStarved)
        let earlier = watch.status(seconds: 0.5, now: Timestamp(secondsSinceEpoch: 10_010))
        #expect(!earlier.isStarved)
        let none = watch.status(seconds: 2, now: Timestamp(secondsSinceEpoch: 20_000))
        #expect(none.ratio == nil)
    }

    @Test("a recalled bucket is kept and not judged")
    func recall() {
        var watch = JourneyWatch(name: "checkout", objective: 0.99)
        for half in 0..<20 { watch.recall(bucket(half, good: 0, bad: 50)) }
        #expect(watch.page == nil)
        #expect(watch.status(seconds: 900, now: Timestamp(secondsSinceEpoch: 10_010)).bad == 1_000)
    }

    @Test("the series forgets after a quarter of an hour")
    func forgets() {
        var series = JourneySeries()
        for half in 0..<4_000 { series.append(bucket(half, good: 1, bad: 0)) }
        #expect(series.buckets.live.count <= 1_801)
        #expect(series.sum(since: Timestamp(microseconds: 0)).good <= 1_801)
    }
}
