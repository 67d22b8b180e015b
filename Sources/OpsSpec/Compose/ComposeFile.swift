public import OpsYAML

/// A Docker Compose file, as far as a topology can say what it says.
///
/// Values stand here as they read when no variable is set: of `${NAME:-default}` the default. Passwords are not kept, nor is any
/// other value of an environment but the name and the owner of a PostgreSQL database.
public struct ComposeFile: Hashable, Sendable {
    /// The file as the person named it.
    public var file: String
    /// The project's name, where the file gives it one.
    public var name: String?
    /// The services in the order of the file.
    public var services: [ComposeService]
    /// What was not understood or is left out, each with its place, in the order of the text.
    ///
    /// None of them quotes a line: passwords stand in such files.
    public var remarks: [Problem]

    /// Reads a Compose file; throws everything at once that makes it useless.
    public static func load(_ path: String) throws(SpecProblems) -> ComposeFile {
        try parse(try readDocument(path), file: path)
    }
}

extension Sequence where Element == Problem {
    /// Each problem once, in the order of the text.
    func inOrder() -> [Problem] {
        Set(self).sorted { ($0.line, $0.column, $0.message) < ($1.line, $1.column, $1.message) }
    }
}
