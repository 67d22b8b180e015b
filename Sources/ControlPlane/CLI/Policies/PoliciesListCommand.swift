import GateClient
import OpsCommand
import OpsModel

/// `opslab policies list`.
struct PoliciesListCommand: Command {
    static let name = "policies list"
    static let summary = "List the policies: rules that narrow what agents may do"
    static let options: [Option] = [LabLookup.option, .flag("all", help: "retired ones too"), .json]

    private let lookup: LabLookup
    private let isAll: Bool
    private let isJSON: Bool

    init(_ parsed: ParsedArguments) throws {
        lookup = try LabLookup(parsed)
        isAll = parsed.flag("all")
        isJSON = parsed.flag("json")
    }

    func run() async throws -> Int32 {
        let policies = try await GateAccess(lookup).asking { client in
            let there = try await client.policies()
            return isAll ? there + (try await client.policies(.retired)) : there
        }
        if isJSON { Terminal.out(try OpsJSON.string(policies)) } else { show(policies) }
        return ExitCode.ok
    }

    private func show(_ policies: [PolicyRecord]) {
        var table = TextTable(["policy", "name", "version", "status", "action", "conditions"], numbers: ["version"])
        for policy in policies {
            let conditions = (policy.rule?.conditions ?? []).map(\.words).joined(separator: ", ")
            table.add([
                policy.id, Terminal.clean(policy.name), "\(policy.version)", policy.status.rawValue,
                policy.rule?.action.rawValue ?? "unreadable", conditions,
            ])
        }
        Terminal.out(table.isEmpty ? "no policies: the autonomy level alone decides" : table.render())
    }
}
