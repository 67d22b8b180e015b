import OpsModel
import OpsService
import OpsSystem

/// Carries out one plan at a time, entry by entry, each recorded before it begins.
///
/// It never goes on by itself: after an end of the injector, and after the kill switch, a person starts it anew.
actor Monkey {
    private struct Work {
        let decision: MonkeyDecision
        var run: MonkeyRun
        /// By the boot clock, which nobody sets.
        let since: UInt64
        var plan: MonkeyPlan { self.decision.plan }
        var faults: Set<String> { Set(self.run.firings.compactMap(\.fault)) }
    }

    private let store: MonkeyStore
    private let launcher: FaultLauncher
    private let resolver: TargetResolver
    private let zones: ZoneCatalog
    private let logger: Logger
    /// The one that runs, or the last one that did.
    private var work: Work?

    /// Reads what an earlier life left; what was running then is interrupted.
    init(
        store: MonkeyStore,
        launcher: FaultLauncher,
        resolver: TargetResolver,
        zones: ZoneCatalog = ZoneCatalog(),
        logger: Logger
    ) throws {
        self.store = store
        self.launcher = launcher
        self.resolver = resolver
        self.zones = zones
        self.logger = logger
        try store.prepare()
        var last: MonkeyRun?
        for id in store.plans() {
            guard var run = store.run(id) else { continue }
            if run.interrupt(at: .now()) {
                do { try store.write(run) } catch {
                    // The next start finds it running once more, and comes to the same.
                    logger.error("an interrupted plan could not be recorded", ["error": .string(error.description)])
                }
            }
            if last.map({ $0.startedAt < run.startedAt }) ?? true { last = run }
        }
        if let last, let plan = store.plan(last.plan) {
            self.work = Work(decision: MonkeyDecision(plan: plan, zone: .utc), run: last, since: 0)
        }
    }

    func status() -> MonkeyStatus {
        guard let work else { return MonkeyStatus(state: .idle, plans: self.store.plans()) }
        return MonkeyStatus(
            state: work.run.state,
            plan: work.plan,
            startedAt: work.run.startedAt,
            startedBy: work.run.startedBy,
            endedAt: work.run.endedAt,
            reason: work.run.reason,
            firings: work.run.firings,
            plans: self.store.plans()
        )
    }

    func plan(_ id: String) throws(ChaosError) -> MonkeyPlan {
        guard let plan = self.store.plan(id) else {
            throw ChaosError(.unknownPlan, "there is no plan \(id.prefix(64))", hint: "GET /monkey lists them")
        }
        return plan
    }

    /// Draws or copies a plan, puts it on disk, and begins with it.
    func start(_ request: MonkeyRequest, by actor: String, latch: Latch?) throws(ChaosError) -> MonkeyStatus {
        if let latch {
            throw ChaosError(.latched, "the kill switch was pressed by \(latch.actor)", hint: "POST /resume first")
        }
        if let work, work.run.state == .running {
            throw ChaosError(.conflict, "plan \(work.plan.id) is running", hint: "DELETE /monkey stops it")
        }
        let now = Timestamp.now()
        let plan = try MonkeyPlanning(resolver: self.resolver, store: self.store).plan(for: request, now: now)
        var zone = ZoneRules.utc
        if let hours = plan.order.hours { zone = try self.zones.rules(of: hours.timeZone) }
        let run = MonkeyRun(of: plan, by: actor, at: now)
        try self.store.write(plan)
        try self.store.write(run)
        let decision = MonkeyDecision(plan: plan, zone: zone)
        self.work = Work(decision: decision, run: run, since: BootClock.now())
        return self.status()
    }

    /// Lets nothing more begin, and takes back what is open.
    func stop(by actor: String) async throws(ChaosError) -> MonkeyStatus {
        guard let work, work.run.state == .running else {
            throw ChaosError(.notRunning, "no monkey is running", hint: "POST /monkey starts one")
        }
        self.end(.stopped, reason: "by \(actor)")
        if let open = try? self.launcher.open() { await self.launcher.end(Self.own(work.faults, open)) }
        return self.status()
    }

    /// Decides what is due.
    func tick(now: Timestamp, latch: Latch?) async {
        while let work, work.run.state == .running {
            let elapsed = BootClock.seconds(from: work.since, to: BootClock.now())
            let verdict = work.decision.decide(entry: work.run.next, elapsedS: elapsed, now: now, latch: latch)
            switch verdict {
            case .wait: return
            case .finish: return self.end(.finished, reason: nil)
            case .kill(let reason): return self.end(.killed, reason: reason)
            case .skip(let entry, let refusal): self.note(work.plan, entry, refusal)
            case .consider(let entry): await self.consider(work, entry)
            }
        }
    }

    private func consider(_ work: Work, _ number: Int) async {
        let (plan, faults) = (work.plan, work.faults)
        let refusal = await self.launcher.refusal(atOnce: plan.order.budget.atOnce, own: { Self.own(faults, $0) })
        if let refusal { return self.note(plan, number, refusal) }
        // Without its record nothing begins.
        guard self.record(plan, MonkeyFiring(entry: number, at: .now(), outcome: .beginning)) else { return }
        let entry = plan.entries[number]
        let result = await self.launcher.launch(entry.fault, entry.request, abort: plan.order.abort) {
            [weak self] _, reason in await self?.settle(plan, number) { $0.aborted = reason }
        }
        switch result {
        case .success(let fault):
            self.settle(plan, number) {
                $0.outcome = .began
                $0.fault = fault.id
            }
            // Stopped while it began: nobody else would end it.
            if !self.isRunning(plan) { await self.launcher.end([fault.id]) }
        case .failure(let refusal):
            self.settle(plan, number) {
                $0.outcome = refusal.outcome
                $0.reason = refusal.reason
            }
        }
    }

    private static func own(_ faults: Set<String>, _ open: [FaultRecord]) -> [String] {
        open.map(\.id).filter(faults.contains)
    }

    private func isRunning(_ plan: MonkeyPlan) -> Bool {
        self.work?.plan.id == plan.id && self.work?.run.state == .running
    }

    private func note(_ plan: MonkeyPlan, _ entry: Int, _ refusal: FiringRefusal) {
        let firing = MonkeyFiring(entry: entry, at: .now(), outcome: refusal.outcome, reason: refusal.reason)
        _ = self.record(plan, firing)
    }

    /// Puts a firing on disk; false when that failed, and then its entry is over all the same.
    private func record(_ plan: MonkeyPlan, _ firing: MonkeyFiring) -> Bool {
        guard self.isRunning(plan) else { return false }
        self.work?.run.note(firing)
        return self.write()
    }

    private func settle(_ plan: MonkeyPlan, _ entry: Int, _ change: (inout MonkeyFiring) -> Void) {
        guard self.work?.plan.id == plan.id else { return }
        self.work?.run.settle(entry, change)
        _ = self.write()
    }

    private func end(_ state: MonkeyState, reason: String?) {
        self.work?.run.end(state, reason: reason, at: .now())
        _ = self.write()
    }

    private func write() -> Bool {
        guard let run = self.work?.run else { return false }
        do throws(ChaosError) {
            try self.store.write(run)
            return true
        } catch {
            self.logger.error("an entry could not be recorded", ["error": .string(error.description)])
            return false
        }
    }
}
