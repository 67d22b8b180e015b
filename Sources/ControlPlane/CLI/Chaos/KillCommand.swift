import OpsCommand
import OpsModel
import OpsService

/// `opslab kill`.
struct KillCommand: Command {
    static let name = "kill"
    static let endsOnSignal = false
    static let summary = "Take every fault back at once and let no other begin"
    static let discussion = """
        Tries the injector's own kill listener and its guard for a moment each; when neither answers it sets the latch and \
        undoes the faults itself. Exits 0 when everything is clean, 1 when something is pending or failed.
        """
    static let options: [Option] = [LabLookup.option, .value("reason", "TEXT", help: "why; it is recorded"), .json]

    private let lookup: LabLookup
    private let reason: String
    private let isJSON: Bool

    init(_ parsed: ParsedArguments) throws {
        self.lookup = try LabLookup(parsed)
        self.reason = try parsed.reason()
        self.isJSON = parsed.flag("json")
    }

    func run() async throws -> Int32 {
        let actor = ProcessEnvironment.current["USER"] ?? "operator"
        let (report, door) = try await KillDoors(self.lookup.labIgnoringRecord()).press(
            reason: self.reason,
            actor: actor
        )
        Terminal.out(self.isJSON ? try OpsJSON.string(report) : Self.describe(report, door))
        return report.pending.isEmpty && report.failed.isEmpty ? ExitCode.ok : ExitCode.failed
    }

    private static func describe(_ report: KillReport, _ door: String) -> String {
        var lines = ["latched by \(door), kill \(report.killID ?? "?"): \(Terminal.clean(report.reason ?? ""))"]
        lines += report.clean.map { "  clean       \($0)" }
        lines += report.superseded.map { "  superseded  \($0)  (somebody changed it since; left alone)" }
        lines += report.pending.map { "  pending     \($0.fault)  waits for \(Terminal.clean($0.waitsFor))" }
        lines += report.failed.map { "  failed      \($0.fault)  \(Terminal.clean($0.waitsFor))" }
        if report.clean.count + report.superseded.count + report.pending.count + report.failed.count == 0 {
            lines.append("  nothing was broken")
        }
        return (lines + ["go on later: opslab resume --reason …"]).joined(separator: "\n")
    }
}
