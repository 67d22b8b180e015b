public import OpsYAML

/// Everything that is wrong with a configuration, found in one go.
public struct ConfigurationError: Error, Sendable, CustomStringConvertible {
    /// What a program exits with: EX_CONFIG of sysexits.
    public static let exitCode: Int32 = 78
    /// The problems in the order of flags, environment, file.
    public let problems: [Problem]

    /// All problems, one below the other.
    public var description: String {
        let count = self.problems.count == 1 ? "1 problem" : "\(self.problems.count) problems"
        return "configuration: \(count), nothing was started\n" + self.problems.map { "\($0)" }.joined(separator: "\n")
    }
}
