import Glibc
import OpsModel
import OpsRuntime
import OpsSystem
import OpsTestKit

/// The built program as a script starts it, with a directory of labs of its own.
struct CommandLineBench {
    let state: TemporaryDirectory

    init() throws {
        state = try TemporaryDirectory()
        chmod(state.path, 0o755)  // else a lab of root would lie elsewhere
    }

    var locator: InstanceLocator { InstanceLocator(repository: ".", environment: environment) }

    func layout(of lab: String) throws -> InstanceLayout { locator.layout(of: try InstanceName(lab)) }

    func opslab(_ words: [String], _ more: [String: String] = [:]) async throws -> CommandOutput {
        let program = FileSystem.parent(of: executablePath()) + "/ControlPlane"
        let environment = environment.merging(more) { $1 }
        return try await run(program, words, environment: environment, within: .seconds(60))
    }

    /// The same as a user without any rights, where root runs the tests; its copy of the program is where that user can reach it.
    func asAnybody(_ words: [String], _ more: [String: String] = [:]) async throws -> CommandOutput {
        guard geteuid() == 0 else { return try await opslab(words, more) }
        let program = state.file("ControlPlane")
        try FileSystem.linkOrCopy(FileSystem.parent(of: executablePath()) + "/ControlPlane", to: program, mode: 0o755)
        let identity = ["--reuid=65534", "--regid=65534", "--clear-groups", "--", program]
        var environment = environment.merging(more) { $1 }
        environment["OPSLAB_HOME"] = FileSystem.parent(of: state.path)
        return try await run("/usr/bin/setpriv", identity + words, environment: environment, within: .seconds(60))
    }

    private var environment: [String: String] {
        ["OPSLAB_LABS": state.path, "PATH": "/usr/bin:/bin", "USER": "tester"]
    }
}
