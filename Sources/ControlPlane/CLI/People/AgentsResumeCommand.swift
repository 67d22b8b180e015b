import GateClient
import OpsCommand
import OpsModel

/// `opslab agents resume`.
struct AgentsResumeCommand: Command {
    static let name = "agents resume"
    static let summary = "Let agents work again after a stop"
    static let discussion = """
        Raises the epoch once more: nothing that was allowed before the stop comes back to life, agents have to ask again.
        """
    static let options: [Option] = [LabLookup.option, .value("reason", "TEXT", help: "why; it is recorded"), .json]

    private let lookup: LabLookup
    private let reason: String
    private let isJSON: Bool

    init(_ parsed: ParsedArguments) throws {
        lookup = try LabLookup(parsed)
        reason = try parsed.reason()
        isJSON = parsed.flag("json")
    }

    func run() async throws -> Int32 {
        let epoch = try await GateAccess(lookup).asking { try await $0.resumeAgents(reason: reason) }
        let answer: JSONValue = ["stopped": false, "epoch": .int(epoch)]
        Terminal.out(isJSON ? try OpsJSON.string(answer) : "agents may work again, epoch \(epoch)")
        return ExitCode.ok
    }
}
