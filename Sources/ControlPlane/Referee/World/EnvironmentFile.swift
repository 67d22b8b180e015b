import OpsSystem

/// A file of `KEY=value` lines, as components read it.
enum EnvironmentFile {
    static func read(_ path: String) throws -> [String: String] {
        var values: [String: String] = [:]
        for line in try FileSystem.text(path).split(separator: "\n") where !line.hasPrefix("#") {
            guard let equals = line.firstIndex(of: "=") else { continue }
            let value = line[line.index(after: equals)...]
            let isQuoted = value.count >= 2 && value.first == "\"" && value.last == "\""
            values[String(line[..<equals])] = String(isQuoted ? value.dropFirst().dropLast() : value)
        }
        return values
    }
}
