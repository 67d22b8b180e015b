import ChaosClient
import OpsCommand
import OpsModel

/// `opslab monkey stop`.
struct MonkeyStopCommand: Command {
    static let name = "monkey stop"
    static let summary = "Stop the monkey, and take back what it has open"
    static let options: [Option] = [LabLookup.option, .json]

    private let access: ChaosAccess
    private let isJSON: Bool

    init(_ parsed: ParsedArguments) throws {
        self.access = try ChaosAccess(LabLookup(parsed))
        self.isJSON = parsed.flag("json")
    }

    func run() async throws -> Int32 {
        let status = try await self.access.asking { try await $0.stopMonkey() }
        Terminal.out(self.isJSON ? try OpsJSON.string(status) : MonkeyStatusCommand.describe(status))
        return ExitCode.ok
    }
}
