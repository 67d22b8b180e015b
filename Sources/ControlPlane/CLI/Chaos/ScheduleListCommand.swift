import ChaosClient
import OpsCommand
import OpsModel

/// `opslab schedule list`.
struct ScheduleListCommand: Command {
    static let name = "schedule list"
    static let summary = "List schedules of faults, and what became of their last due times"
    static let options: [Option] = [LabLookup.option, .json]

    private let access: ChaosAccess
    private let isJSON: Bool

    init(_ parsed: ParsedArguments) throws {
        self.access = try ChaosAccess(LabLookup(parsed))
        self.isJSON = parsed.flag("json")
    }

    func run() async throws -> Int32 {
        let schedules = try await self.access.asking { try await $0.schedules() }
        if self.isJSON {
            Terminal.out(try OpsJSON.string(schedules))
        } else if schedules.isEmpty {
            Terminal.out("no schedules")
        } else {
            var table = TextTable(["SCHEDULE", "CRON", "ZONE", "FAULT", "TARGET", "NEXT", "LAST", "WHY"])
            for status in schedules { table.add(Self.row(status)) }
            Terminal.out(table.render())
        }
        return ExitCode.ok
    }

    private static func row(_ status: ScheduleStatus) -> [String] {
        let (schedule, last) = (status.schedule, status.firings.last)
        return [
            schedule.name, Terminal.clean(schedule.cron), schedule.timeZone, schedule.fault,
            schedule.request.instance ?? schedule.request.target, status.nextDue?.description ?? "never",
            last.map { "\($0.outcome.rawValue) \($0.due)" } ?? "-",
            Terminal.clean(last?.aborted ?? last?.reason ?? ""),
        ]
    }
}
