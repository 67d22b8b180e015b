import OpsCommand
import OpsModel
import OpsRuntime

/// `opslab status`.
struct StatusCommand: Command {
    static let name = "status"
    static let summary = "Show what runs, where it listens, and whether it serves"
    static let discussion = "Exits 0 when everything that was started serves, 4 when the lab is down, 1 otherwise."
    static let options: [Option] = [LabLookup.option, .json]

    private let lookup: LabLookup
    private let isJSON: Bool

    init(_ parsed: ParsedArguments) throws {
        self.lookup = try LabLookup(parsed)
        self.isJSON = parsed.flag("json")
    }

    func run() async throws -> Int32 {
        let lab = try self.lookup.lab()
        let programs = await lab.status()
        if self.isJSON {
            Terminal.out(try OpsJSON.string(LabReport(lab, programs)))
        } else {
            self.show(lab, programs)
        }
        if programs.isEmpty { return ExitCode.unreachable }
        return programs.allSatisfy { $0.state == "stopped" || $0.state == "running" && $0.isReady != false }
            ? ExitCode.ok : ExitCode.failed
    }

    private func show(_ lab: Lab, _ programs: [Lab.Status]) {
        guard let record = lab.record else {
            return Terminal.out("lab '\(lab.name)' does not exist; `opslab up` makes it")
        }
        guard !programs.isEmpty else { return Terminal.out("lab '\(lab.name)' is down; `opslab up` starts it") }
        Terminal.out("lab '\(lab.name)'  isolation \(record.isolation.rawValue)  \(lab.layout.home)")
        var table = TextTable(["program", "half", "state", "pid", "up", "ready", "address"], numbers: ["pid", "up"])
        for program in programs {
            table.add([
                program.program, program.half, program.state, program.pid.map { "\($0)" } ?? "",
                program.uptimeSeconds.map { "\($0) s" } ?? "", program.isReady.map { $0 ? "yes" : "no" } ?? "",
                program.url ?? "",
            ])
        }
        Terminal.out(table.render())
    }
}
