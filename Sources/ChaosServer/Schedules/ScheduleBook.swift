import OpsModel
import OpsService

/// The schedules there are: keeps them on disk, and carries out what is due.
///
/// A due time is on disk as `beginning` before its fault begins, so that none is carried out twice, whoever is killed when.
actor ScheduleBook {
    private struct Timed {
        var record: ScheduleRecord
        let decision: DueDecision
        /// The first due time that is not decided.
        var due: Timestamp?
    }

    private let store: ScheduleStore
    private let launcher: FaultLauncher
    private let zones: ZoneCatalog
    private let logger: Logger
    private var schedules: [String: Timed] = [:]
    /// Names of files that cannot be read: a person has to look.
    private var unreadable: [String] = []

    /// Reads what an earlier life left; what it was about to begin is not begun again.
    init(store: ScheduleStore, launcher: FaultLauncher, zones: ZoneCatalog = ZoneCatalog(), logger: Logger) throws {
        self.store = store
        self.launcher = launcher
        self.zones = zones
        self.logger = logger
        try store.prepare()
        let (records, unreadable) = try store.load()
        self.unreadable = unreadable
        for var record in records {
            do {
                if record.interrupt() { try store.write(record) }
                self.schedules[record.schedule.name] = try Self.timed(record, zones)
            } catch {
                self.unreadable.append(record.schedule.name)
                logger.error("a schedule cannot be carried out", ["error": .string("\(error)")])
            }
        }
        for name in unreadable { logger.error("a schedule cannot be read", ["schedule": .string(name)]) }
    }

    func list() -> [ScheduleStatus] { self.schedules.keys.sorted().compactMap { self.schedules[$0].map(Self.status) } }

    func status(_ name: String) throws(ChaosError) -> ScheduleStatus { Self.status(try self.timed(name)) }

    func add(_ schedule: FaultSchedule, by actor: String) throws(ChaosError) -> ScheduleStatus {
        try ScheduleRules.check(schedule)
        guard let kind = FaultKind(rawValue: schedule.fault) else {
            throw ChaosError(.unknownFault, "there is no fault \(schedule.fault)", hint: "GET /catalog lists them")
        }
        try self.launcher.injector.validate(kind, schedule.request)
        let timed = try Self.timed(ScheduleRecord(schedule, createdBy: actor, at: .now()), self.zones)
        guard timed.due != nil else { throw ChaosError(.badSchedule, "cron: there is no such day") }
        guard self.schedules[schedule.name] == nil, !self.unreadable.contains(schedule.name) else {
            throw ChaosError(
                .conflict,
                "there is a schedule \(schedule.name)",
                hint: "remove it first: DELETE /schedules/\(schedule.name)"
            )
        }
        guard self.schedules.count + self.unreadable.count < ScheduleRules.most else {
            throw ChaosError(.tooManySchedules, "there are \(ScheduleRules.most) schedules, and no more are kept")
        }
        try self.store.write(timed.record)
        self.schedules[schedule.name] = timed
        return Self.status(timed)
    }

    /// Forgets a schedule and takes its fault back.
    func remove(_ name: String) async throws(ChaosError) -> ScheduleStatus {
        let timed = try self.timed(name)
        try self.store.remove(name)
        self.schedules[name] = nil
        if let open = try? self.launcher.open() { await self.launcher.end(timed.record.own(among: open)) }
        return Self.status(timed)
    }

    /// Decides what is due, one schedule after the other.
    func tick(now: Timestamp, latch: Latch?) async {
        for name in self.schedules.keys.sorted() {
            guard let timed = self.schedules[name] else { continue }  // removed meanwhile
            switch timed.decision.decide(due: timed.due, now: now, latch: latch) {
            case .wait: continue
            case .skip(let due, let through, let refusal): self.note(name, due, through, refusal)
            case .consider(let due): await self.consider(name, due)
            }
        }
    }

    private func consider(_ name: String, _ due: Timestamp) async {
        guard let record = self.schedules[name]?.record else { return }
        if let refusal = await self.launcher.refusal(own: { record.own(among: $0) }) {
            return self.note(name, due, due, refusal)
        }
        let schedule = record.schedule
        // Without its record nothing begins.
        guard self.record(name, record, ScheduleFiring(due: due, at: .now(), outcome: .beginning), through: due)
        else { return }
        let result = await self.launcher.launch(schedule.fault, schedule.request, abort: schedule.abort) {
            [weak self] _, reason in await self?.settle(name, record, due) { $0.aborted = reason }
        }
        switch result {
        case .success(let fault):
            self.settle(name, record, due) {
                $0.outcome = .began
                $0.fault = fault.id
            }
            // Removed while it began: nobody else would end it.
            if !self.isSame(name, record) { await self.launcher.end([fault.id]) }
        case .failure(let refusal):
            self.settle(name, record, due) {
                $0.outcome = refusal.outcome
                $0.reason = refusal.reason
            }
        }
    }

    private func note(_ name: String, _ due: Timestamp, _ through: Timestamp, _ refusal: FiringRefusal) {
        guard let record = self.schedules[name]?.record else { return }
        let firing = ScheduleFiring(due: due, at: .now(), outcome: refusal.outcome, reason: refusal.reason)
        _ = self.record(name, record, firing, through: through)
    }

    /// Puts a firing on disk; false when that failed, and then its due time is over all the same.
    private func record(
        _ name: String,
        _ expected: ScheduleRecord,
        _ firing: ScheduleFiring,
        through moment: Timestamp
    ) -> Bool {
        guard self.isSame(name, expected), var timed = self.schedules[name] else { return false }
        timed.record.note(firing, through: moment)
        timed.due = timed.decision.next(after: timed.record.decidedUntil)
        self.schedules[name] = timed
        return self.write(timed.record)
    }

    private func settle(
        _ name: String,
        _ expected: ScheduleRecord,
        _ due: Timestamp,
        _ change: (inout ScheduleFiring) -> Void
    ) {
        guard self.isSame(name, expected), var timed = self.schedules[name] else { return }
        timed.record.settle(due, change)
        self.schedules[name] = timed
        _ = self.write(timed.record)
    }

    private func write(_ record: ScheduleRecord) -> Bool {
        do throws(ChaosError) {
            try self.store.write(record)
            return true
        } catch {
            self.logger.error("a firing could not be recorded", ["error": .string(error.description)])
            return false
        }
    }

    /// Whether the schedule of that name is still the one that was looked at.
    private func isSame(_ name: String, _ expected: ScheduleRecord) -> Bool {
        self.schedules[name]?.record.createdAt == expected.createdAt
    }

    private func timed(_ name: String) throws(ChaosError) -> Timed {
        guard let timed = self.schedules[name] else {
            throw ChaosError(.unknownSchedule, "there is no schedule \(name)", hint: "GET /schedules lists them")
        }
        return timed
    }

    private static func timed(_ record: ScheduleRecord, _ zones: ZoneCatalog) throws(ChaosError) -> Timed {
        let decision = DueDecision(
            cron: try CronExpression(record.schedule.cron),
            zone: try zones.rules(of: record.schedule.timeZone),
            lateToleranceS: record.schedule.lateToleranceS,
            blackouts: record.schedule.blackouts
        )
        return Timed(record: record, decision: decision, due: decision.next(after: record.decidedUntil))
    }

    private static func status(_ timed: Timed) -> ScheduleStatus {
        ScheduleStatus(
            schedule: timed.record.schedule,
            createdAt: timed.record.createdAt,
            createdBy: timed.record.createdBy,
            nextDue: timed.due,
            firings: timed.record.firings
        )
    }
}
