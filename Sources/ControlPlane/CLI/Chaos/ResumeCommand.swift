import ChaosClient
import OpsCommand
import OpsModel

/// `opslab resume`.
struct ResumeCommand: Command {
    static let name = "resume"
    static let summary = "Let faults begin again after a kill"
    static let arguments = [
        Argument("kill", help: "the kill to lift; the present one when absent", isRequired: false)
    ]
    static let options: [Option] = [
        LabLookup.option, .value("reason", "TEXT", help: "why it is safe to go on; it is recorded"),
        .flag("force", help: "although something is still pending or failed"), .json,
    ]

    private let access: ChaosAccess
    private let kill: String?
    private let reason: String
    private let isForced: Bool
    private let isJSON: Bool

    init(_ parsed: ParsedArguments) throws {
        self.access = try ChaosAccess(LabLookup(parsed))
        self.kill = parsed.argument("kill")
        self.reason = try parsed.reason()
        self.isForced = parsed.flag("force")
        self.isJSON = parsed.flag("json")
    }

    func run() async throws -> Int32 {
        let present = try await self.access.asking { try await $0.killReport() }
        guard present.latched, let killID = self.kill ?? present.killID else {
            return try self.show(present, "the kill switch is not on")
        }
        let after = try await self.access.asking {
            try await $0.resume(killID: killID, reason: self.reason, force: self.isForced)
        }
        return try self.show(after, "kill \(Terminal.clean(killID)) is lifted")
    }

    private func show(_ report: KillReport, _ text: String) throws -> Int32 {
        Terminal.out(self.isJSON ? try OpsJSON.string(report) : text)
        return ExitCode.ok
    }
}
