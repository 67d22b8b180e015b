import OpsModel
import Testing

@testable import ChaosServer

@Suite("Which due time it is time for")
struct DueDecisionTests {
    private let now = Timestamp("2026-03-04T10:00:00Z") ?? .now()  // a Wednesday
    private let latch = Latch(killID: "k", reason: "enough", actor: "ann", at: .now())

    private func decision(
        tolerance: Double = 60,
        _ blackouts: [WeeklyWindow] = [],
        zone: String = "UTC"
    ) throws -> DueDecision {
        DueDecision(
            cron: try CronExpression("* * * * *"),
            zone: try ZoneCatalog().rules(of: zone),
            lateToleranceS: tolerance,
            blackouts: blackouts
        )
    }

    private func window(_ from: String, _ to: String, _ days: [Weekday] = []) throws -> WeeklyWindow {
        WeeklyWindow(days: days, from: try #require(ClockTime(from)), to: try #require(ClockTime(to)))
    }

    @Test("Nothing is due before its time, and when there is none it never is")
    func early() throws {
        let decision = try self.decision()
        #expect(decision.decide(due: self.now + 0.5, now: self.now, latch: self.latch) == .wait(until: self.now + 0.5))
        #expect(decision.decide(due: nil, now: self.now, latch: nil) == .wait(until: nil))
    }

    @Test("At its time, and up to the tolerance behind it, it is considered")
    func due() throws {
        let decision = try self.decision()
        for late in [0, 1, 59.9, 60] {
            let due = self.now + -late
            #expect(decision.decide(due: due, now: self.now, latch: nil) == .consider(due: due), "\(late)")
        }
    }

    @Test(
        "Later it is missed, with everything that was missed in the same stretch, and the next in time is still to come"
    )
    func late() throws {
        let decision = try self.decision()
        let due = self.now + -3_600
        guard case .skip(due, let through, let refusal) = decision.decide(due: due, now: self.now, latch: nil) else {
            Issue.record("not skipped")
            return
        }
        #expect(refusal.outcome == .missed)
        let next = try #require(decision.next(after: through))
        #expect(next == self.now + -60)
        #expect(decision.decide(due: next, now: self.now, latch: nil) == .consider(due: next))
    }

    @Test("While the kill switch is on it is missed, one by one")
    func latched() throws {
        let due = self.now + -5
        guard case .skip(due, due, let refusal) = try self.decision().decide(due: due, now: self.now, latch: self.latch)
        else {
            Issue.record("not skipped")
            return
        }
        #expect(refusal.outcome == .missed && refusal.reason.contains("ann"))
    }

    @Test("A blackout counts at the due time, by the schedule's own clock")
    func blackouts() throws {
        let window = try self.window("10:00", "10:01")
        #expect(try self.outcome(window, "UTC", self.now) == .blackout)
        #expect(try self.outcome(window, "UTC", self.now + -30) == nil)
        #expect(try self.outcome(window, "Europe/Berlin", self.now) == nil)
        #expect(try self.outcome(self.window("11:00", "11:30"), "Europe/Berlin", self.now) == .blackout)
        #expect(try self.outcome(self.window("09:00", "17:00", [.tue, .thu]), "UTC", self.now) == nil)
        #expect(try self.outcome(self.window("09:00", "17:00", [.wed]), "UTC", self.now) == .blackout)
    }

    private func outcome(_ window: WeeklyWindow, _ zone: String, _ due: Timestamp) throws -> FiringOutcome? {
        switch try self.decision([window], zone: zone).decide(due: due, now: due + 10, latch: nil) {
        case .skip(_, let through, let refusal):
            #expect(through == due)
            return refusal.outcome
        case .wait, .consider: return nil
        }
    }

    @Test("The world is asked in this order: the fault before it, a scored run, the customers")
    func world() {
        func outcome(_ own: [String], _ scored: String?, _ health: TargetHealth, atOnce: Int = 1) -> FiringOutcome? {
            FiringRefusal.check(own: own, atOnce: atOnce, scored: scored, health: health)?.outcome
        }
        #expect(outcome([], nil, .good) == nil)
        #expect(outcome(["a"], nil, .good) == .overlap)
        #expect(outcome(["a"], nil, .good, atOnce: 2) == nil)
        #expect(outcome(["a", "b"], "r", .broken(["x"]), atOnce: 2) == .overlap)
        #expect(outcome([], "r", .broken(["x"])) == .occupied)
        #expect(outcome([], nil, .broken(["x"])) == .unhealthy)
        #expect(outcome([], nil, .unknown("nobody")) == .unchecked)
    }
}
