import GateClient
import OpsCommand
import OpsModel

/// `opslab agents resume`.
struct AgentsResumeCommand: Command {
    static let name = "agents resume"
    static let summary = "Let agents work again after a stop, or one of them after a pause"
    static let discussion = """
        Raises the epoch once more: nothing that was allowed before the stop comes back to life, agents have to ask again. With a
        name only that agent's pause ends, and a stop of all goes on; without one every pause goes on.
        """
    static let arguments = [
        Argument("NAME", help: "a name of `opslab agents`; all when left out", isRequired: false)
    ]
    static let options: [Option] = [LabLookup.option, .value("reason", "TEXT", help: "why; it is recorded"), .json]

    private let lookup: LabLookup
    private let agent: String?
    private let reason: String
    private let isJSON: Bool

    init(_ parsed: ParsedArguments) throws {
        lookup = try LabLookup(parsed)
        agent = parsed.argument("NAME")
        reason = try parsed.reason()
        isJSON = parsed.flag("json")
    }

    func run() async throws -> Int32 {
        if let agent {
            let after = try await GateAccess(lookup).asking { try await $0.resumeAgent(agent, reason: reason) }
            Terminal.out(isJSON ? try OpsJSON.string(after) : "\(Terminal.clean(agent)) may act again")
            return ExitCode.ok
        }
        let epoch = try await GateAccess(lookup).asking { try await $0.resumeAgents(reason: reason) }
        let answer: JSONValue = ["stopped": false, "epoch": .int(epoch)]
        Terminal.out(isJSON ? try OpsJSON.string(answer) : "agents may work again, epoch \(epoch)")
        return ExitCode.ok
    }
}
