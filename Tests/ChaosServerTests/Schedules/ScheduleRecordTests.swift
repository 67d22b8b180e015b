import OpsModel
import OpsSystem
import OpsTestKit
import Testing

@testable import ChaosServer

@Suite("Schedules on disk")
struct ScheduleRecordTests {
    private let start = Timestamp("2026-03-04T10:00:00Z") ?? .now()

    private var schedule: FaultSchedule {
        FaultSchedule(
            name: "nightly",
            cron: "0 2 * * *",
            timeZone: "Europe/Berlin",
            fault: "cache-corrupt",
            request: FaultRequest(target: "cache", leaseS: 20),
            abort: AbortConditions(brokenS: 30)
        )
    }

    private func firing(_ minute: Int, _ outcome: FiringOutcome, fault: String? = nil) -> ScheduleFiring {
        ScheduleFiring(due: self.start + Double(minute) * 60, at: self.start, outcome: outcome, fault: fault)
    }

    @Test("What was written is read again, and what cannot be read is named and left as it is")
    func recovery() throws {
        let directory = try TemporaryDirectory()
        let store = ScheduleStore(state: directory.path)
        try store.prepare()
        var record = ScheduleRecord(self.schedule, createdBy: "ann", at: self.start)
        record.note(self.firing(1, .began, fault: "aaaaaaaaaaaaaaaa"), through: self.start + 60)
        try store.write(record)
        try FileSystem.writeAtomically("{\"half", to: "\(store.directory)/torn.json")
        try FileSystem.writeAtomically(OpsJSON.encode(record), to: "\(store.directory)/other.json")
        let (records, unreadable) = try store.load()
        #expect(records == [record] && unreadable == ["other", "torn"])
        #expect(try FileSystem.text("\(store.directory)/torn.json") == "{\"half")
        try store.remove("nightly")
        #expect(try store.load().records.isEmpty)
    }

    @Test("Decided is decided: no moment before it comes back, whatever the order of the notes")
    func forward() {
        var record = ScheduleRecord(self.schedule, createdBy: "ann", at: self.start)
        record.note(self.firing(2, .missed), through: self.start + 120)
        record.note(self.firing(1, .missed), through: self.start + 60)
        #expect(record.decidedUntil == self.start + 120)
        for minute in 3..<200 { record.note(self.firing(minute, .missed), through: self.start + Double(minute) * 60) }
        #expect(record.firings.count == ScheduleRecord.kept && record.firings.last?.due == self.start + 199 * 60)
    }

    @Test(
        "A firing that was just beginning is interrupted, once, and its fault is known by kind and target until another begins"
    )
    func interrupted() {
        var record = ScheduleRecord(self.schedule, createdBy: "ann", at: self.start)
        record.note(self.firing(1, .began, fault: "first"), through: self.start + 60)
        record.note(self.firing(2, .beginning), through: self.start + 120)
        let open = [("first", "cache-corrupt"), ("second", "cache-corrupt"), ("third", "db-lock")].map {
            FaultRecord(
                id: $0.0,
                fault: $0.1,
                persistence: .event,
                state: .pending,
                target: "cache",
                leaseS: 20,
                requestedAt: self.start
            )
        }
        #expect(record.own(among: open) == ["first"])
        let wasBeginning = record.interrupt()
        #expect(wasBeginning)
        #expect(record.firings.last?.outcome == .interrupted)
        let stillBeginning = record.interrupt()
        #expect(!stillBeginning)
        #expect(record.own(among: open) == ["first", "second"])
        record.note(self.firing(3, .missed), through: self.start + 180)
        #expect(record.own(among: open) == ["first"])
    }

    @Test("Limits, all problems at once")
    func rules() throws {
        try ScheduleRules.check(self.schedule)
        var schedule = self.schedule
        schedule.name = "../x"
        schedule.lateToleranceS = 0
        schedule.request.run = "run-1"
        schedule.abort = AbortConditions()
        let noon = try #require(ClockTime("12:00"))
        schedule.blackouts = Array(repeating: WeeklyWindow(from: noon, to: noon), count: 21)
        let error = #expect(throws: ChaosError.self) { try ScheduleRules.check(schedule) }
        for word in ["name:", "late_tolerance_s:", "run and alias_seed", "abort:", "20 at most", "the same"] {
            #expect(error?.message.contains(word) == true, "\(word)")
        }
        for name in ["", "A", "a b", "ä", String(repeating: "a", count: 41), "a.json", "a/b"] {
            #expect(!ScheduleRules.isName(name))
        }
    }
}
