import Glibc
import OpsService
import OpsSystem
import OpsTestKit

/// A lab of the built programs, in a state directory of its own.
struct TestLab: Sendable {
    let name: String
    let state: TemporaryDirectory

    init(_ name: String) throws {
        self.name = name
        self.state = try TemporaryDirectory()
        chmod(self.state.path, 0o755)  // service users have to get through
    }

    /// What the command sees.
    var environment: [String: String] {
        [
            "OPSLAB_LABS": self.state.path, "OPSLAB_BUILD": ProcessEnvironment.current["OPSLAB_BUILD"] ?? "release",
            "PATH": "/usr/bin:/bin", "USER": "tester",
        ]
    }

    /// A command about this lab; test runs start in the package's root, where the script lies.
    func command(_ arguments: [String]) -> Spawn {
        Spawn(path: "./opslab", arguments: arguments + ["--instance", self.name], environment: self.environment)
    }

    /// Runs a command about this lab to its end.
    func opslab(_ arguments: String..., within limit: Duration = .seconds(120)) async throws -> CommandOutput {
        try await self.opslab(arguments, within: limit)
    }

    func opslab(_ arguments: [String], within limit: Duration = .seconds(120)) async throws -> CommandOutput {
        let command = self.command(arguments)
        return try await run(command.path, command.arguments, environment: command.environment, within: limit)
    }
}
