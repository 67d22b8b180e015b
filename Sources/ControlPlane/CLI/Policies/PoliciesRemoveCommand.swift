import GateClient
import OpsCommand
import OpsModel

/// `opslab policies remove`.
struct PoliciesRemoveCommand: Command {
    static let name = "policies remove"
    static let summary = "Take a policy away; its versions stay on record"
    static let arguments = [PolicyLookup.argument]
    static let options: [Option] = [LabLookup.option, .json]

    private let lookup: LabLookup
    private let policy: String
    private let isJSON: Bool

    init(_ parsed: ParsedArguments) throws {
        lookup = try LabLookup(parsed)
        policy = parsed.argument("POLICY") ?? ""
        isJSON = parsed.flag("json")
    }

    func run() async throws -> Int32 {
        let access = try GateAccess(lookup)
        let present = try await PolicyLookup.find(policy, access)
        let removed = try await access.asking { try await $0.removePolicy(present.id) }
        Terminal.out(isJSON ? try OpsJSON.string(removed) : "removed \(removed.line)")
        return ExitCode.ok
    }
}
