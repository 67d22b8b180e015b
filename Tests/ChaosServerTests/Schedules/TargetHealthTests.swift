import OpsModel
import Testing

@testable import ChaosServer

@Suite("Whether the system under test is known to be well")
struct TargetHealthTests {
    private let now = Timestamp("2026-03-04T10:00:00Z") ?? .now()
    private let objectives = ["browse": 0.99, "checkout": 0.99]

    private func buckets(_ journey: String, bad: Int = 0, from: Double = 10, to: Double = 0.5) -> [JourneyBucket] {
        stride(from: from, through: to, by: -0.5).map { age in
            JourneyBucket(seq: Int(age * 2), journey: journey, from: self.now + -age, good: 20 - bad, bad: bad)
        }
    }

    private func read(_ buckets: [JourneyBucket], window: Double = 10) -> TargetHealth {
        TargetHealth.read(buckets, objectives: self.objectives, windowS: window, now: self.now)
    }

    @Test("It is when every journey had customers and kept its objective")
    func good() { #expect(self.read(self.buckets("browse") + self.buckets("checkout")) == .good) }

    @Test("It is not when one broke it, whatever is known of the others")
    func broken() {
        #expect(self.read(self.buckets("browse", bad: 5) + self.buckets("checkout")) == .broken(["browse"]))
        #expect(self.read(self.buckets("browse", bad: 5)) == .broken(["browse"]))
    }

    @Test("What happened before the window does not count")
    func window() {
        let before = self.buckets("browse", bad: 20, from: 20, to: 10.5)
        #expect(self.read(before + self.buckets("browse") + self.buckets("checkout")) == .good)
    }

    @Test("Silence, old news, a journey without customers and no journeys at all prove nothing")
    func unknown() {
        let cases = [
            self.read([]),
            self.read(self.buckets("browse", from: 10, to: 4) + self.buckets("checkout", from: 10, to: 4)),
            self.read(self.buckets("browse")),
            self.read(self.buckets("browse") + self.buckets("checkout", from: 19, to: 11)),
            TargetHealth.read(self.buckets("browse"), objectives: [:], windowS: 10, now: self.now),
        ]
        for (number, health) in cases.enumerated() {
            guard case .unknown(let why) = health else {
                Issue.record("case \(number): \(health)")
                continue
            }
            #expect(!why.isEmpty)
        }
    }

    @Test("Where no load is bound, the gate cannot know")
    func gate() async {
        let health = await OutageGate(load: nil, objectives: self.objectives).check()
        #expect(health == .unknown("no load is bound that could be asked"))
    }
}

@Suite("What ends a fault before its lease")
struct AbortWatchTests {
    private let start = Timestamp("2026-03-04T10:00:00Z") ?? .now()

    /// When a health told twice a second first leads to an end, in seconds.
    private func end(
        _ conditions: AbortConditions,
        _ health: (Double) -> TargetHealth,
        open: Int = 1
    ) -> (Double, String)? {
        var watch = AbortWatch(conditions)
        for step in 0..<120 {
            let second = Double(step) / 2
            if let reason = watch.look(health(second), openFaults: open, now: self.start + second) {
                return (second, reason)
            }
        }
        return nil
    }

    @Test("One journey that is broken on end for so long; a good moment begins the count anew")
    func broken() throws {
        let conditions = AbortConditions(brokenS: 10)
        let plain = try #require(self.end(conditions) { $0 < 3 ? .good : .broken(["browse"]) })
        #expect(plain.0 == 13 && plain.1.contains("browse"))
        let pause = try #require(self.end(conditions) { (8...9).contains($0) ? .good : .broken(["browse"]) })
        #expect(pause.0 == 19.5)
        #expect(self.end(conditions) { _ in .good } == nil)
        // Two journeys that take turns are not one that is broken on end.
        #expect(self.end(conditions) { .broken([Int($0) / 5 % 2 == 0 ? "browse" : "checkout"]) } == nil)
        #expect(self.end(conditions) { .broken($0 < 5 ? ["browse"] : ["browse", "checkout"]) }?.0 == 10)
    }

    @Test("More faults than allowed")
    func faults() {
        #expect(self.end(AbortConditions(faultsOver: 2), { _ in .good }, open: 3)?.0 == 0)
        #expect(self.end(AbortConditions(faultsOver: 3), { _ in .good }, open: 3) == nil)
    }

    @Test("Customers that cannot be asked for ten seconds, whichever condition was set")
    func blind() {
        #expect(self.end(AbortConditions(faultsOver: 3)) { _ in .unknown("silence") }?.0 == 10)
        #expect(self.end(AbortConditions(brokenS: 60)) { $0 == 8 ? .good : .unknown("silence") }?.0 == 18.5)
    }
}
