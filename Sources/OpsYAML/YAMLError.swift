/// Everything that is wrong with a YAML document, found in one pass.
public struct YAMLError: Error, Sendable, CustomStringConvertible {
    /// The kind of failure; the same word in JSON, logs and metric labels.
    public enum Code: String, Sendable, Codable {
        /// The text is not YAML.
        case malformed = "yaml_malformed"
        /// Too long, too deep, or too large once its aliases are expanded.
        case tooLarge = "yaml_too_large"
        /// Valid YAML, but not what the document needs to say.
        case invalid = "yaml_invalid"
    }

    /// The kind of failure.
    public var code: Code
    /// Each problem with its position, in the order of the text.
    public var problems: [Problem]

    /// Describes a failure by the problems it consists of.
    public init(_ code: Code, _ problems: [Problem]) {
        self.code = code
        self.problems = problems
    }

    /// Every problem, rendered, one after the other.
    public var message: String { description }

    /// Every problem, rendered, one after the other.
    public var description: String { problems.map(\.description).joined(separator: "\n") }
}
