import ChaosClient
import OpsCommand
import OpsModel

/// `opslab schedule remove`.
struct ScheduleRemoveCommand: Command {
    static let name = "schedule remove"
    static let summary = "Forget a schedule, and take its fault back"
    static let arguments = [Argument("name", help: "a name of `opslab schedule list`")]
    static let options: [Option] = [LabLookup.option, .json]

    private let access: ChaosAccess
    private let schedule: String
    private let isJSON: Bool

    init(_ parsed: ParsedArguments) throws {
        self.access = try ChaosAccess(LabLookup(parsed))
        self.schedule = parsed.argument("name") ?? ""
        guard
            self.schedule.utf8.allSatisfy({
                $0 == UInt8(ascii: "-") || (48...57).contains($0) || (97...122).contains($0)
            })
        else {
            throw CommandError.usage(
                "a name is small letters, digits and hyphens, not '\(Terminal.clean(self.schedule))'"
            )
        }
        self.isJSON = parsed.flag("json")
    }

    func run() async throws -> Int32 {
        let status = try await self.access.asking { try await $0.removeSchedule(self.schedule) }
        Terminal.out(self.isJSON ? try OpsJSON.string(status) : "removed \(status.schedule.name)")
        return ExitCode.ok
    }
}
