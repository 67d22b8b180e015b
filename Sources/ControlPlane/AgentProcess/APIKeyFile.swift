import OpsSystem

/// Reads the one secret a process was given.
enum APIKeyFile {
    /// The first line of the file.
    static func read(_ path: String) throws -> String {
        let text = try FileSystem.text(path, limit: 4_096)
        return text.split(whereSeparator: \.isWhitespace).first.map(String.init) ?? ""
    }
}
