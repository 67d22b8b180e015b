import OpsCommand
import OpsModel
import OpsRuntime

/// `opslab status`.
struct StatusCommand: Command {
    static let name = "status"
    static let summary = "Show what runs, where it listens, and whether it serves"
    static let discussion = """
        Exits 0 when everything that was started serves, 4 when the lab is down, 69 when it is in containers and no engine can be
        asked, 1 otherwise.
        """
    static let options: [Option] = [LabLookup.option, LabLookup.expectation, .json]

    private let lookup: LabLookup
    private let isJSON: Bool

    init(_ parsed: ParsedArguments) throws {
        self.lookup = try LabLookup(parsed)
        self.isJSON = parsed.flag("json")
    }

    func run() async throws -> Int32 {
        let lab = try self.lookup.labAsExpected()
        try await lab.requireEngine()
        let programs = await lab.status()
        if self.isJSON {
            Terminal.out(try OpsJSON.string(LabReport(lab, programs)))
        } else {
            self.show(lab, programs)
        }
        if programs.isEmpty { return ExitCode.unreachable }
        return programs.allSatisfy(Self.isWell) ? ExitCode.ok : ExitCode.failed
    }

    private static func isWell(_ program: Lab.Status) -> Bool {
        guard program.state == "running" else { return program.state == "stopped" }
        return program.isReady != false && program.health != "unhealthy"
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
                program.program, program.half, Self.state(program), program.pid.map { "\($0)" } ?? "",
                program.uptimeSeconds.map { "\($0) s" } ?? "", program.isReady.map { $0 ? "yes" : "no" } ?? "",
                program.url ?? "",
            ])
        }
        Terminal.out(table.render())
        let removed = programs.filter { $0.state == "absent" }.map(\.program)
        guard !removed.isEmpty else { return }
        Terminal.out("removed behind the lab's back: \(removed.joined(separator: ", "))")
        Terminal.out("hint: `opslab up` makes them again")
    }

    /// Only a check that fails is worth a word.
    private static func state(_ program: Lab.Status) -> String {
        program.health == "unhealthy" ? "\(program.state), unhealthy" : program.state
    }
}
