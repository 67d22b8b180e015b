import OpsScenario
import OpsTrust

/// Several scenarios as one thing that results are about.
enum ScenarioSet {
    /// The SHA-256, in hexadecimal digits, of the sorted SHA-256 digests of what the files say.
    static func digest(of scenarios: [Scenario]) -> String {
        let parts = scenarios.map { Digest.sha256($0.source).hex }.sorted()
        return Digest.sha256(parts.joined(separator: "\n")).hex
    }
}
