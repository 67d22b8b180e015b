import ChaosClient
import OpsCommand
import OpsModel
import OpsSystem

/// `opslab schedule add`.
struct ScheduleAddCommand: Command {
    static let name = "schedule add"
    static let summary = "Let a fault begin at the times of a cron expression"
    static let discussion = """
        Nothing begins while the customers' journeys are broken, or cannot be asked for; in a blackout; before the last fault \
        of the schedule is over; while the kill switch is on; and later than the tolerance. `opslab schedule list` says which.
        """
    static let arguments = [Argument("name", help: "small letters, digits, hyphens")]
    static let options: [Option] = [
        LabLookup.option, .value("cron", "EXPRESSION", help: "minute hour day month weekday, as in crontab(5)"),
        .value("zone", "NAME", default: "UTC", help: "its time zone, such as Europe/Berlin"),
        .value("fault", "FAULT", help: "a name of `opslab faults --catalog`"),
        .value("target", "COMPONENT", help: "what to break"),
        .value("unit", "NAME", help: "one instance or provider of it"),
        .value("with", "KEY=VALUE", repeats: true, help: "a parameter of the fault; may be repeated"),
        .value("role", "ROLE=COMPONENT", repeats: true, help: "binds a role of the fault; may be repeated"),
        .value("for", "DURATION", default: "30s", help: "how long at most, each time"),
        .value("late", "DURATION", default: "60s", help: "a due time later than this is missed"),
        .value(
            "blackout",
            "WINDOW",
            repeats: true,
            help: "such as mon-fri,09:00-17:00 or 22:00-06:00; may be repeated"
        ),
        .value("abort-broken", "DURATION", help: "end it when a journey broke its objective for so long"),
        .value("abort-faults", "N", help: "end it when more faults than this are open"), .json,
    ]

    private let access: ChaosAccess
    private let schedule: FaultSchedule
    private let isJSON: Bool

    init(_ parsed: ParsedArguments) throws {
        self.access = try ChaosAccess(LabLookup(parsed))
        self.schedule = FaultSchedule(
            name: parsed.argument("name") ?? "",
            cron: try parsed.required("cron"),
            timeZone: parsed.string("zone") ?? "UTC",
            fault: try parsed.required("fault"),
            request: FaultRequest(
                target: try parsed.required("target"),
                instance: parsed.string("unit"),
                roles: try FaultPairs.parse(parsed.strings("role"), option: "role"),
                with: try FaultPairs.parse(parsed.strings("with"), option: "with").mapValues(FaultPairs.value),
                leaseS: try parsed.duration("for")?.inSeconds ?? 30
            ),
            lateToleranceS: try parsed.duration("late")?.inSeconds ?? 60,
            blackouts: try parsed.strings("blackout").map { try WeeklyWindow(option: "blackout", $0) },
            abort: try parsed.abortConditions()
        )
        self.isJSON = parsed.flag("json")
    }

    func run() async throws -> Int32 {
        ProcessArguments.hide()
        let status = try await self.access.asking { try await $0.add(self.schedule) }
        let next = status.nextDue?.description ?? "never"
        Terminal.out(self.isJSON ? try OpsJSON.string(status) : "\(status.schedule.name) is due next at \(next)")
        return ExitCode.ok
    }
}

extension ParsedArguments {
    /// The value of an option that a verb cannot do without.
    fileprivate func required(_ name: String) throws(CommandError) -> String {
        guard let text = string(name), !text.isEmpty else { throw .usage("--\(name) is missing") }
        return text
    }
}
