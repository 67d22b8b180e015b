import GateClient
import OpsCommand
import OpsModel

/// `opslab deny`.
struct DenyCommand: Command {
    static let name = "deny"
    static let summary = "Deny a request, with a reason for the agent"
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
        let after = try await GateAccess(lookup).asking { try await $0.deny(id, reason: reason) }
        Terminal.out(isJSON ? try OpsJSON.string(after) : "denied \(id)")
        return ExitCode.ok
    }
}
