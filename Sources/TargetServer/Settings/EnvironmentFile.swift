import OpsSystem
import OpsTrust

/// A file of `KEY=value` lines as it was at one moment.
///
/// Empty lines and lines that begin with `#` say nothing; a value may stand in double or single quotes. There is no
/// expansion: a password may contain any character but a line break.
struct EnvironmentFile: Sendable {
    /// A line that is none of the above.
    struct SyntaxError: Error, CustomStringConvertible {
        var path: String
        var lines: [Int]

        var description: String {
            "\(path): no KEY=value in line \(lines.map(String.init).joined(separator: ", ")); "
                + "write one setting per line, or put # before a comment"
        }
    }

    let values: [String: String]
    /// The first twelve digits of the SHA-256 of the file, as `sha256sum` gives them.
    let hash: String

    init(path: String) throws {
        try self.init(bytes: FileSystem.read(path, limit: 65_536), path: path)
    }

    init(bytes: [UInt8], path: String) throws(SyntaxError) {
        var values: [String: String] = [:]
        var wrong: [Int] = []
        let lines = String(decoding: bytes, as: UTF8.self).split(
            omittingEmptySubsequences: false,
            whereSeparator: \.isNewline
        )
        for (index, line) in lines.enumerated() {
            let text = Self.trimmed(line)
            if text.isEmpty || text.hasPrefix("#") { continue }
            if let (key, value) = Self.pair(text) { values[key] = value } else { wrong.append(index + 1) }
        }
        guard wrong.isEmpty else { throw SyntaxError(path: path, lines: wrong) }
        self.values = values
        hash = String(Digest.sha256(bytes).hex.prefix(12))
    }

    private static func pair(_ text: Substring) -> (String, String)? {
        guard let equals = text.firstIndex(of: "=") else { return nil }
        let key = trimmed(text[..<equals])
        guard !key.isEmpty, key.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }) else {
            return nil
        }
        return (String(key), unquoted(trimmed(text[text.index(after: equals)...])))
    }

    private static func unquoted(_ text: Substring) -> String {
        guard text.count >= 2, let first = text.first, first == text.last, first == "\"" || first == "'" else {
            return String(text)
        }
        return String(text.dropFirst().dropLast())
    }

    private static func trimmed(_ text: Substring) -> Substring {
        let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0 == "\r" || $0 == "\r\n" }
        let rest = text.drop(while: isSpace)
        return rest.lastIndex { !isSpace($0) }.map { rest[...$0] } ?? rest
    }
}
