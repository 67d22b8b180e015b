import OpsModel
import OpsService
import Testing

@testable import Observer

/// Hours of simulated customers through the rules as they are used: what a quick alarm costs in false ones.
@Suite("Burn rules over simulated traffic")
struct BurnSimulationTests {
    /// One journey's share of 120 requests a second.
    private struct Traffic {
        var journey: String
        var perSecond: Double
        var objective: Double
    }

    private static let journeys = [
        Traffic(journey: "browse", perSecond: 84, objective: 0.995),
        Traffic(journey: "checkout", perSecond: 30, objective: 0.99),
        Traffic(journey: "fulfil", perSecond: 6, objective: 0.99),
    ]

    private static let background = 0.003

    /// Knuth's method for small means, in steps so that large ones do not underflow.
    private static func poisson(_ mean: Double, _ random: inout SeededGenerator) -> Int {
        var left = mean
        var count = 0
        while left > 0 {
            let step = min(left, 16)
            left -= step
            var product = random.nextUnit()
            let limit = expOfMinus(step)
            while product > limit {
                count += 1
                product *= random.nextUnit()
            }
        }
        return count
    }

    private static func expOfMinus(_ x: Double) -> Double {
        // e^-x by e^-x/1024 squared ten times: good to 1e-9 here, and needs no C library in the test.
        var value = 1 - x / 1_024 + x * x / 2_097_152
        for _ in 0..<10 { value *= value }
        return value
    }

    /// Pages of one journey in so many quiet seconds.
    ///
    /// Every 20 s there is a slow second with ten times the failures.
    private func falsePages(_ traffic: Traffic, seconds: Int, seed: UInt64) -> Int {
        var random = SeededGenerator(seed: seed).fork(traffic.journey)
        var watch = JourneyWatch(name: traffic.journey, objective: traffic.objective)
        var pages = 0
        for half in 0..<(seconds * 2) {
            let isSlow = half % 40 < 2
            let bucket = Self.bucket(traffic, half, failing: isSlow ? 0.02 : 0.002, &random)
            if watch.observe(bucket)?.status == .firing { pages += 1 }
        }
        return pages
    }

    /// Seconds from the onset, at a random moment of a bucket, to the page; nil when none came in 30 s.
    private func detection(_ traffic: Traffic, failing: Double, seed: UInt64) -> Double? {
        var random = SeededGenerator(seed: seed).fork("\(traffic.journey) \(failing)")
        var watch = JourneyWatch(name: traffic.journey, objective: traffic.objective)
        let onset = 60 + random.nextUnit() * 0.5
        for half in 0..<180 {
            let from = Double(half) * 0.5
            let share = min(1, max(0, (from + 0.5 - onset) / 0.5))
            let chance = Self.background + share * failing
            if watch.observe(Self.bucket(traffic, half, failing: chance, &random))?.status == .firing {
                return from + 0.5 - onset
            }
        }
        return nil
    }

    private static func bucket(
        _ traffic: Traffic,
        _ half: Int,
        failing: Double,
        _ random: inout SeededGenerator
    ) -> ObservedBucket {
        let bad = poisson(traffic.perSecond * 0.5 * min(1, failing), &random)
        let good = poisson(traffic.perSecond * 0.5 * max(0, 1 - failing), &random)
        let from = Timestamp(secondsSinceEpoch: Double(half) * 0.5)
        let bucket = JourneyBucket(seq: half, journey: traffic.journey, from: from, good: good, bad: bad)
        return ObservedBucket(bucket: bucket, isStarved: false)
    }

    private func percentile(_ values: [Double], _ share: Double) -> Double {
        let sorted = values.sorted()
        guard !sorted.isEmpty else { return .infinity }
        return sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
    }

    @Test("no page in twelve quiet hours, bursts included")
    func quiet() {
        for traffic in Self.journeys {
            for seed in 1...12 as ClosedRange<UInt64> {
                let pages = falsePages(traffic, seconds: 3_600, seed: seed)
                #expect(pages == 0, "\(traffic.journey), seed \(seed)")
            }
        }
    }

    @Test("time to detect by class of fault", arguments: [1.0, 0.5, 0.3, 0.08])
    func timeToDetect(_ failing: Double) {
        for traffic in Self.journeys where traffic.perSecond >= 30 {
            let times = (1...100 as ClosedRange<UInt64>).map { detection(traffic, failing: failing, seed: $0) ?? 99 }
            let (p50, p95) = (percentile(times, 0.5), percentile(times, 0.95))
            print("\(traffic.journey) failing \(failing): p50 \(p50) s, p95 \(p95) s")
            #expect(p95 <= (failing >= 0.5 ? 2.5 : 7.5), "\(traffic.journey) at \(failing)")
        }
    }

    @Test("a slow burn is found before a tenth of an hour's budget is gone")
    func slowBurn() {
        let times = (1...20 as ClosedRange<UInt64>).map { detection(Self.journeys[1], failing: 0.035, seed: $0) ?? 99 }
        // 3.5 % bad against 1 % allowed for 30 s is 105 s of budget; a tenth of an hour's is 360 s.
        #expect(percentile(times, 0.95) < 99)
    }
}
