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

    /// What it calls itself, such as `1.29.2` or `v2.20.2`; nil when it does not say.
    func version() async -> String? {
        // A program that cannot be run has no version.
        let output = try? await OpsSystem.run(
            self.program,
            self.arguments + ["version", "--short"],
            environment: Self.environment(),
            within: .seconds(10)
        )
        guard let output, output.status.isSuccess else { return nil }
        return output.text.split(separator: "\n").first.map(String.init)
    }

    /// Whether `compose.yaml` can be read by this version: the file needs 1.29, or any 2.
    static func isNewEnough(_ version: String) -> Bool {
        let numbers = version.drop { !$0.isNumber }.split(separator: ".").prefix(2).map {
            Int($0.prefix { $0.isNumber })
        }
        guard let major = numbers.first ?? nil else { return false }
        return major > 1 || major == 1 && (numbers.last ?? nil) ?? 0 >= 29
    }

    /// What the command line is called.
    var title: String {
        (self.program.split(separator: "/").suffix(1).map(String.init) + self.arguments).joined(separator: " ")
    }

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
