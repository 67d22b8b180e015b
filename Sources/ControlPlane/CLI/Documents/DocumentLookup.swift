import OpsCommand
import OpsRuntime
import OpsService
import OpsSpec

/// Finds the documents that a command line means: what it names, else what the repository holds.
enum DocumentLookup {
    /// The path that was typed, else the repository's own.
    static func path(_ typed: String?, or standard: String) throws -> String {
        if let typed { return typed }
        let repository = try InstanceLocator.findRepository(environment: ProcessEnvironment.current)
        return "\(repository)/\(standard)"
    }

    /// Throws every problem of a topology at once.
    static func checkTopology(_ path: String) throws { _ = try Topology.load(path) }
}
