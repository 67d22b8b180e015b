import GateClient
import OpsCommand
import OpsModel

/// `opslab agents stop`.
struct AgentsStopCommand: Command {
    static let name = "agents stop"
    static let summary = "Stop all agents: void what they asked, and carry nothing out for them"
    static let discussion = """
        Raises the epoch, so that every grant given before is void; questions that wait are superseded, and new proposals are \
        blocked until agents may go on. Faults go on too: `opslab kill` ends those.
        `opslab agents pause` stops one agent.
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
        let epoch = try await GateAccess(lookup).asking { try await $0.stopAgents(reason: reason) }
        let answer: JSONValue = ["stopped": true, "epoch": .int(epoch)]
        Terminal.out(
            isJSON
                ? try OpsJSON.string(answer)
                : "agents are stopped, epoch \(epoch); go on later: opslab agents resume --reason …"
        )
        return ExitCode.ok
    }
}
