import GateClient
import OpsCommand
import OpsModel

/// `opslab policies show`.
struct PoliciesShowCommand: Command {
    static let name = "policies show"
    static let summary = "Show one policy, or all its versions"
    static let arguments = [PolicyLookup.argument]
    static let options: [Option] = [
        LabLookup.option, .flag("versions", help: "every version, the newest first"), .json,
    ]

    private let lookup: LabLookup
    private let policy: String
    private let hasVersions: Bool
    private let isJSON: Bool

    init(_ parsed: ParsedArguments) throws {
        lookup = try LabLookup(parsed)
        policy = parsed.argument("POLICY") ?? ""
        hasVersions = parsed.flag("versions")
        isJSON = parsed.flag("json")
    }

    func run() async throws -> Int32 {
        let access = try GateAccess(lookup)
        let found = try await PolicyLookup.find(policy, access)
        guard hasVersions else {
            Terminal.out(isJSON ? try OpsJSON.string(found) : found.lines.joined(separator: "\n"))
            return ExitCode.ok
        }
        let all = try await access.asking { try await $0.versions(ofPolicy: found.id) }
        Terminal.out(isJSON ? try OpsJSON.string(all) : all.flatMap(\.lines).joined(separator: "\n"))
        return ExitCode.ok
    }
}
