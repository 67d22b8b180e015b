import GateClient
import OpsCommand
import OpsModel

/// Finds the policy that a command line means, by id or by name.
enum PolicyLookup {
    static let argument = Argument("POLICY", help: "an id or a name of `opslab policies list`")

    static func find(_ typed: String, _ access: GateAccess) async throws -> PolicyRecord {
        let all = try await access.asking { client in
            let there = try await client.policies()
            return there + (try await client.policies(.retired))
        }
        guard let found = all.first(where: { $0.id == typed }) ?? all.first(where: { $0.name == typed }) else {
            throw CommandError.usage(
                "there is no policy '\(Terminal.clean(typed))'",
                hint: "opslab policies list --all"
            )
        }
        return found
    }
}
