import OpsCommand
import OpsRuntime
import OpsService

/// `opslab down`.
struct DownCommand: Command {
    static let name = "down"
    static let endsOnSignal = false
    static let summary = "Undo open faults and stop everything, last started first"
    static let options: [Option] = [
        LabLookup.option, .flag("purge", help: "remove the lab with its data, too; people's keys stay"),
    ]

    private let lookup: LabLookup
    private let isPurging: Bool

    init(_ parsed: ParsedArguments) throws {
        self.lookup = try LabLookup(parsed)
        self.isPurging = parsed.flag("purge")
    }

    func run() async throws -> Int32 {
        // A lab whose record is damaged must still be removable.
        let lab = try self.isPurging ? self.lookup.labIgnoringRecord() : self.lookup.lab()
        try await lab.stop(purge: self.isPurging) { Terminal.err("  \($0)") }
        Terminal.out("lab '\(lab.name)' is down\(self.isPurging ? " and removed" : "")")
        return ExitCode.ok
    }
}
