import OpsModel
import OpsSystem
import OpsTrust

/// A file of `KEY=value` lines: read as text, changed by key, everything else kept byte for byte.
struct EnvironmentFile: Hashable, Sendable {
    private(set) var text: String

    init(text: String) { self.text = text }

    /// SHA-256 of the bytes, in hexadecimal digits: the version that compare-and-swap compares.
    var hash: String { Digest.sha256(text).hex }

    /// The value of a key; the last line wins, as it does for whoever reads the file.
    subscript(key: String) -> String? {
        lines.last { Self.names(key, $0) }.map { String($0.drop { $0 != "=" }.dropFirst()) }
    }

    /// The same file with another value for a key; a new key goes to the end.
    func setting(_ key: String, to value: String) -> EnvironmentFile {
        var found = false
        var changed = lines.map { line -> String in
            guard Self.names(key, line) else { return String(line) }
            found = true
            return "\(key)=\(value)"
        }
        if !found {
            if changed.last == "" { changed.removeLast() }
            changed += ["\(key)=\(value)", ""]
        }
        return EnvironmentFile(text: changed.joined(separator: "\n"))
    }

    private var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }

    private static func names(_ key: String, _ line: Substring) -> Bool {
        !key.hasPrefix("#") && line.hasPrefix("\(key)=")
    }
}
