import GateClient
import OpsCommand
import OpsModel

/// `opslab agents pause`.
struct AgentsPauseCommand: Command {
    static let name = "agents pause"
    static let summary = "Pause one agent: void what it asked, and carry nothing out for it"
    static let discussion = """
        It may go on looking and diagnosing, and keeps its incident; questions of it that wait are superseded, and proposals are \
        refused until it may act again. What others asked goes on. `opslab agents stop` stops all of them.
        """
    static let arguments = [Argument("NAME", help: "a name of `opslab agents`")]
    static let options: [Option] = [LabLookup.option, .value("reason", "TEXT", help: "why; it is recorded"), .json]

    private let lookup: LabLookup
    private let agent: String
    private let reason: String
    private let isJSON: Bool

    init(_ parsed: ParsedArguments) throws {
        lookup = try LabLookup(parsed)
        agent = parsed.argument("NAME") ?? ""
        reason = try parsed.reason()
        isJSON = parsed.flag("json")
    }

    func run() async throws -> Int32 {
        let pause = try await GateAccess(lookup).asking { try await $0.pauseAgent(agent, reason: reason) }
        let name = Terminal.clean(agent)
        Terminal.out(
            isJSON
                ? try OpsJSON.string(pause)
                : "\(name) is paused by \(Terminal.clean(pause.changedBy)); go on later: opslab agents resume \(name) --reason …"
        )
        return ExitCode.ok
    }
}
