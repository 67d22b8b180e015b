import ChaosClient
import OpsCommand
import OpsModel

/// `opslab monkey status`.
struct MonkeyStatusCommand: Command {
    static let name = "monkey status"
    static let summary = "Show what the monkey has done and what it is going to do"
    static let options: [Option] = [
        LabLookup.option, .value("plan", "PLAN", help: "all entries of a kept plan instead"), .json,
    ]

    private let access: ChaosAccess
    private let plan: String?
    private let isJSON: Bool

    init(_ parsed: ParsedArguments) throws {
        self.access = try ChaosAccess(LabLookup(parsed))
        self.plan = parsed.string("plan")
        if let plan, !plan.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }) {
            throw CommandError.usage("a plan's name is letters and digits, not '\(Terminal.clean(plan))'")
        }
        self.isJSON = parsed.flag("json")
    }

    func run() async throws -> Int32 {
        if let plan {
            let drawn = try await self.access.asking { try await $0.monkeyPlan(plan) }
            Terminal.out(self.isJSON ? try OpsJSON.string(drawn) : Self.table(drawn, []))
        } else {
            let status = try await self.access.asking { try await $0.monkey() }
            Terminal.out(self.isJSON ? try OpsJSON.string(status) : Self.describe(status))
        }
        return ExitCode.ok
    }

    /// One monkey in words, also for `monkey stop`.
    static func describe(_ status: MonkeyStatus) -> String {
        guard let plan = status.plan, let startedAt = status.startedAt else { return "no monkey was started" }
        let why = status.reason.map { " (\(Terminal.clean($0)))" } ?? ""
        let begun = status.firings.filter { $0.outcome == .began }.count
        let head = "\(status.state.rawValue)\(why): plan \(plan.id), seed \(plan.seed), started \(startedAt)"
        return "\(head)\n\(begun) begun, \(status.firings.count) decided of \(plan.entries.count)\n"
            + Self.table(plan, status.firings)
    }

    private static func table(_ plan: MonkeyPlan, _ firings: [MonkeyFiring]) -> String {
        let byEntry = Dictionary(firings.map { ($0.entry, $0) }) { first, _ in first }
        var table = TextTable(["AT", "FAULT", "TARGET", "LEASE", "OUTCOME", "ID", "WHY"], numbers: ["AT", "LEASE"])
        for (number, entry) in plan.entries.enumerated() {
            let firing = byEntry[number]
            table.add([
                "\(entry.atS) s", entry.fault, entry.request.instance ?? entry.request.target,
                "\(entry.request.leaseS) s", firing?.outcome.rawValue ?? "-", firing?.fault ?? "",
                Terminal.clean(firing?.aborted ?? firing?.reason ?? ""),
            ])
        }
        return table.render()
    }
}
