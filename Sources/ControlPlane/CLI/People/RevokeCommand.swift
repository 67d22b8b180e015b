import GateClient
import OpsCommand
import OpsModel

/// `opslab revoke`.
struct RevokeCommand: Command {
    static let name = "revoke"
    static let summary = "Take an approval back; what has not begun is withheld"
    static let discussion =
        "Refused once the last step has begun. A lab whose autonomy has `hold_s` waits so long after each yes."
    static let arguments = [Argument("ID", help: "an id of `opslab approvals`")]
    static let options: [Option] = [
        LabLookup.option, .value("reason", "TEXT", help: "the agent plans again with it"), .json,
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
        let after = try await GateAccess(lookup).asking { try await $0.revoke(id, reason: reason) }
        Terminal.out(isJSON ? try OpsJSON.string(after) : "took back \(id)")
        return ExitCode.ok
    }
}
