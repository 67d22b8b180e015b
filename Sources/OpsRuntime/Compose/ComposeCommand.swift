import Glibc
import OpsSystem

/// The Compose of this machine: the plugin of the command line client, or the program of its own before that.
struct ComposeCommand: Sendable {
    var program: String
    var arguments: [String]

    /// What it may know of ours: the way to the engine, and nothing else.
    static func environment(engine: String? = nil) -> [String: String] {
        var environment = ["PATH": Self.path.joined(separator: ":"), "LANG": "C.UTF-8"]
        for name in ["HOME", "DOCKER_HOST", "DOCKER_CONFIG"] { environment[name] = Self.variable(name) }
        if let engine { environment["DOCKER_HOST"] = "unix://\(engine)" }
        return environment
    }

    /// A variable of this process; nil when it is not set.
    static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

    private static let path = ["/usr/local/bin", "/usr/bin", "/bin"]

    /// - Throws: `missing_program` when there is neither.
    static func find() async throws(RuntimeError) -> ComposeCommand {
        if let docker = Self.program("docker") {
            let command = ComposeCommand(program: docker, arguments: ["compose"])
            // A client without the plugin fails here, and that is the answer.
            let output = try? await OpsSystem.run(
                docker,
                ["compose", "version"],
                environment: Self.environment(),
                within: .seconds(10)
            )
            if output?.status.isSuccess == true { return command }
        }
        if let own = Self.program("docker-compose") { return ComposeCommand(program: own, arguments: []) }
        throw RuntimeError(
            .missingProgram,
            "there is neither `docker compose` nor `docker-compose`",
            hint: "`apt-get install docker-compose`, or Docker's own package docker-compose-plugin"
        )
    }

    private static func program(_ name: String) -> String? {
        Self.path.map { "\($0)/\(name)" }.first { FileSystem.isExecutable($0) }
    }
}
