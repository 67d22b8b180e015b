import ChaosClient
import OpsCommand
import OpsModel
import OpsSystem

/// `opslab monkey start`.
struct MonkeyStartCommand: Command {
    static let name = "monkey start"
    static let summary = "Draw faults from a seed and let them begin one after the other"
    static let discussion = """
        The whole plan is drawn and kept before anything is broken; the same seed and options give the same plan in a lab of the same \
        topology, and --replay carries out a kept one once more. Each fault waits for healthy customers, or is left out. The kill \
        switch ends it for good; so does an end of the injector.
        """
    static let options: [Option] = [
        LabLookup.option, .value("seed", "N", help: "what is drawn from; chance decides when absent"),
        .value("for", "DURATION", default: "1h", help: "how long, a minute to a week"),
        .value("faults", "NAMES", help: "which faults, with commas; all that can be drawn when absent"),
        .value("targets", "NAMES", help: "which components, with commas; the whole chaos scope when absent"),
        .value("count", "N", default: "50", help: "faults in all"),
        .value("at-once", "N", default: "1", help: "faults at one time"),
        .value("per-hour", "DURATION", default: "30m", help: "time of faults within any hour, added up"),
        .value("lease", "FROM..TO", default: "20s..60s", help: "how long each one lasts at most"),
        .value("gap", "FROM..TO", default: "30s..300s", help: "the pause between two"),
        .value("mean", "DURATION", default: "60s", help: "the mean pause; evenly distributed ones with --even"),
        .flag("even", help: "pauses are evenly distributed instead of exponentially"),
        .value("hours", "WINDOW", help: "work only then, such as mon-fri,09:00-17:00"),
        .value("zone", "NAME", default: "UTC", help: "the time zone of --hours"),
        .value("abort-broken", "DURATION", help: "end a fault when a journey broke its objective for so long"),
        .value("abort-faults", "N", help: "end a fault when more than this are open"),
        .value("replay", "PLAN", help: "a kept plan; seed and options are those of it"), .json,
    ]

    private let access: ChaosAccess
    private let request: MonkeyRequest
    private let isJSON: Bool

    init(_ parsed: ParsedArguments) throws {
        self.access = try ChaosAccess(LabLookup(parsed))
        if let plan = parsed.string("replay") {
            self.request = MonkeyRequest(replay: plan)
        } else {
            self.request = MonkeyRequest(seed: try parsed.seed("seed"), order: try Self.order(parsed))
        }
        self.isJSON = parsed.flag("json")
    }

    func run() async throws -> Int32 {
        ProcessArguments.hide()
        let status = try await self.access.asking { try await $0.startMonkey(self.request) }
        Terminal.out(self.isJSON ? try OpsJSON.string(status) : Self.describe(status))
        return ExitCode.ok
    }

    private static func describe(_ status: MonkeyStatus) -> String {
        guard let plan = status.plan else { return "started" }
        return "plan \(plan.id), seed \(plan.seed): \(plan.entries.count) faults in \(Int(plan.order.forS)) s\n"
            + "watch it: opslab monkey status   stop it: opslab monkey stop   again: opslab monkey start --replay \(plan.id)"
    }

    private static func order(_ parsed: ParsedArguments) throws -> MonkeyOrder {
        let (lease, gap) = (try DurationRange(parsed, "lease"), try DurationRange(parsed, "gap"))
        return MonkeyOrder(
            forS: try parsed.duration("for")?.inSeconds ?? 3_600,
            faults: self.names(parsed.string("faults")),
            targets: self.names(parsed.string("targets")),
            budget: MonkeyOrder.Budget(
                faults: try parsed.int("count", in: 1...500) ?? 50,
                atOnce: try parsed.int("at-once", in: 1...16) ?? 1,
                faultSPerHour: try parsed.duration("per-hour")?.inSeconds ?? 1_800
            ),
            gap: MonkeyOrder.Gap(
                distribution: parsed.flag("even") ? .uniform : .exponential,
                meanS: try parsed.duration("mean")?.inSeconds ?? 60,
                leastS: gap.least,
                mostS: gap.most
            ),
            leaseLeastS: lease.least,
            leaseMostS: lease.most,
            hours: try parsed.string("hours").map {
                MonkeyOrder.Hours(
                    window: try WeeklyWindow(option: "hours", $0),
                    timeZone: parsed.string("zone") ?? "UTC"
                )
            },
            abort: try parsed.abortConditions()
        )
    }

    private static func names(_ text: String?) -> [String] { (text ?? "").split(separator: ",").map(String.init) }
}

/// `20s..60s`, in seconds.
private struct DurationRange {
    var least: Double
    var most: Double

    init(_ parsed: ParsedArguments, _ name: String) throws(CommandError) {
        let text = parsed.string(name) ?? ""
        let ends = text.split(separator: "..", omittingEmptySubsequences: false).map(String.init)
        let pair = ParsedArguments(values: ["least": [ends.first ?? ""], "most": [ends.last ?? ""]])
        guard ends.count <= 2, let least = try? pair.duration("least"), let most = try? pair.duration("most") else {
            throw CommandError.usage("--\(name) wants two durations such as 20s..60s, not '\(Terminal.clean(text))'")
        }
        (self.least, self.most) = (least.inSeconds, most.inSeconds)
    }
}
