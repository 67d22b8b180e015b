import OpsModel
import OpsSystem
import OpsTestKit
import Testing

@testable import ChaosServer

@Suite("Which entry of a plan it is time for")
struct MonkeyDecisionTests {
    private let now = Timestamp("2026-03-04T10:00:00Z") ?? .now()  // a Wednesday

    private func plan(_ hours: MonkeyOrder.Hours? = nil) -> MonkeyPlan {
        let entry = MonkeyPlan.Entry(atS: 100, fault: "db-lock", request: FaultRequest(target: "db", leaseS: 20))
        return MonkeyPlan(
            id: "aaaaaaaaaaaaaaaa",
            seed: 7,
            order: MonkeyOrder(forS: 600, hours: hours),
            drawnAt: self.now,
            basis: "x",
            entries: [entry]
        )
    }

    private func decide(_ entry: Int, _ elapsed: Double, latch: Latch? = nil) -> MonkeyDecision.Verdict {
        MonkeyDecision(plan: self.plan(), zone: .utc).decide(
            entry: entry,
            elapsedS: elapsed,
            now: self.now,
            latch: latch
        )
    }

    @Test("An entry waits for its second, is considered for half a minute, and is missed then")
    func times() {
        #expect(self.decide(0, 99.9) == .wait)
        #expect(self.decide(0, 100) == .consider(entry: 0))
        #expect(self.decide(0, 130) == .consider(entry: 0))
        guard case .skip(0, let refusal) = self.decide(0, 130.1) else {
            Issue.record("not missed")
            return
        }
        #expect(refusal.outcome == .missed)
    }

    @Test("With all entries decided it lasts until its time is over")
    func end() {
        #expect(self.decide(1, 599) == .wait)
        #expect(self.decide(1, 600) == .finish)
    }

    @Test("The kill switch ends it, whatever is due")
    func kill() {
        let latch = Latch(killID: "k1", reason: "enough", actor: "ann", at: self.now)
        for elapsed in [0, 100, 700.0] {
            guard case .kill(let reason) = self.decide(0, elapsed, latch: latch) else {
                Issue.record("goes on at \(elapsed)")
                continue
            }
            #expect(reason.contains("k1") && reason.contains("ann"))
        }
    }

    @Test("It works in its hours only, by the clock of their zone")
    func hours() throws {
        let window = WeeklyWindow(
            days: [.wed],
            from: try #require(ClockTime("09:00")),
            to: try #require(ClockTime("11:00"))
        )
        let plan = self.plan(MonkeyOrder.Hours(window: window, timeZone: "Europe/Berlin"))
        let inBerlin = MonkeyDecision(plan: plan, zone: try ZoneCatalog().rules(of: "Europe/Berlin"))
        guard case .skip(0, let refusal) = inBerlin.decide(entry: 0, elapsedS: 100, now: self.now, latch: nil) else {
            Issue.record("not skipped")
            return
        }
        #expect(refusal.outcome == .outsideHours)
        #expect(inBerlin.decide(entry: 0, elapsedS: 100, now: self.now + -1, latch: nil) == .consider(entry: 0))
    }

    @Test("A plan and how far it came are read again; one that was running is interrupted and does not go on")
    func recovery() throws {
        let store = MonkeyStore(state: try TemporaryDirectory().path)
        try store.prepare()
        let plan = self.plan()
        var run = MonkeyRun(of: plan, by: "ann", at: self.now)
        run.note(MonkeyFiring(entry: 0, at: self.now, outcome: .beginning))
        try store.write(plan)
        try store.write(run)
        #expect(store.plan(plan.id) == plan && store.run(plan.id) == run && run.next == 1)
        #expect(store.plan("../../etc/passwd") == nil)
        let wasRunning = run.interrupt(at: self.now + 5)
        #expect(wasRunning)
        #expect(run.state == .interrupted && run.firings.map(\.outcome) == [.interrupted])
        let stillRunning = run.interrupt(at: self.now + 6)
        #expect(!stillRunning)
        run.end(.finished, reason: nil, at: self.now + 7)
        #expect(run.state == .interrupted && run.endedAt == self.now + 5)
    }

    @Test("So many plans are kept, the newest ones")
    func retention() throws {
        let store = MonkeyStore(state: try TemporaryDirectory().path)
        try store.prepare()
        for number in 0..<40 {
            var plan = self.plan()
            plan.id = Identifier.random()
            plan.drawnAt = self.now + Double(number)
            try store.write(plan)
            try store.write(MonkeyRun(of: plan, by: "ann", at: plan.drawnAt))
        }
        #expect(store.plans().count == MonkeyStore.kept)
        #expect(store.plans().first.flatMap(store.plan)?.drawnAt == self.now + 39)
        #expect(try FileSystem.list(store.directory).count == 2 * MonkeyStore.kept)
    }
}
