import GateClient
import OpsCommand
import OpsModel

/// `opslab incident close`.
struct IncidentCloseCommand: Command {
    static let name = "incident close"
    static let summary = "End an incident by hand; what is still asked becomes void"
    static let discussion = """
        The incident ends as escalated, and its agent's key with it. An action that was handed to ActionPlane already goes on to \
        its end, which is still told. Exits 3 when the incident has ended already.
        """
    static let arguments = [Argument("ID", help: "an id of `opslab incidents`")]
    static let options: [Option] = [
        LabLookup.option, .value("reason", "TEXT", help: "why; it is recorded"), .json,
    ]

    private let lookup: LabLookup
    private let id: String
    private let reason: String
    private let isJSON: Bool

    init(_ parsed: ParsedArguments) throws {
        lookup = try LabLookup(parsed)
        id = parsed.argument("ID") ?? ""
        reason = try parsed.reason()
        isJSON = parsed.flag("json")
    }

    func run() async throws -> Int32 {
        let access = try GateAccess(lookup)
        let before = try await access.asking { try await $0.incident(id) }.incident
        guard before.endedAt == nil else {
            throw CommandError("\(before.id) is \(before.state.rawValue) already", exitCode: ExitCode.refused)
        }
        let after = try await access.asking { try await $0.close(id, reason: reason) }
        Terminal.out(isJSON ? try OpsJSON.string(after) : "closed \(after.id): \(Terminal.clean(after.title))")
        return ExitCode.ok
    }
}
