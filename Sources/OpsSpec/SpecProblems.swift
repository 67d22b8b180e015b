import FoundationEssentials
public import OpsYAML

/// Everything that is wrong with a document of ours, or why it could not be read.
public struct SpecProblems: Error, Sendable, CustomStringConvertible {
    /// The kind of failure; the same word in JSON, logs and metric labels.
    public enum Code: String, Sendable, Codable {
        /// The file cannot be opened.
        case unreadable = "spec_unreadable"
        /// The file does not say what such a document must say.
        case invalid = "spec_invalid"
    }

    /// The kind of failure.
    public var code: Code
    /// Each problem with its position.
    public var problems: [Problem]

    /// A failure made of these problems.
    public init(_ code: Code, _ problems: [Problem]) {
        self.code = code
        self.problems = problems
    }

    /// What a YAML reader found.
    public init(_ error: YAMLError) {
        self.init(.invalid, error.problems)
    }

    /// Every problem, rendered.
    public var message: String { description }

    /// Every problem, rendered.
    public var description: String { problems.map(\.description).joined(separator: "\n") }
}

/// Reads the text of a document; at most four mebibytes, which no person writes.
package func readDocument(_ path: String) throws(SpecProblems) -> String {
    let limit = 4 << 20
    do {
        let data = try Data(contentsOf: URL(filePath: path))
        guard data.count <= limit else {
            throw SpecProblems(.unreadable, [Problem(file: path, message: "larger than \(limit) bytes")])
        }
        return String(decoding: data, as: UTF8.self)
    } catch let error as SpecProblems {
        throw error
    } catch {
        let problem = Problem(file: path, message: "cannot be read", hint: "does the file exist, and may you read it?")
        throw SpecProblems(.unreadable, [problem])
    }
}
