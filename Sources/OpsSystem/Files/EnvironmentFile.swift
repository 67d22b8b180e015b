/// A file of `KEY=value` lines as it was at one moment, read the same way by all who read it.
///
/// A key is made of letters, digits and `_`, or it is the name of a host, with `-` and `.` as well.
///
/// Empty lines and lines that begin with `#` say nothing; a value may stand in double or single quotes. There is no
/// expansion: a password may contain any character but a line break. Where a key stands twice, the last line wins.
public struct EnvironmentFile: Hashable, Sendable {
    /// The file, byte for byte.
    public let bytes: [UInt8]
    /// What it says, by key.
    public let values: [String: String]
    /// The numbers of the lines that are none of the above; each program decides whether it minds.
    public let unreadableLines: [Int]

    /// Reads a file from the disk.
    public init(path: String, limit: Int = 1 << 20) throws(SystemError) {
        self.init(bytes: try FileSystem.read(path, limit: limit))
    }

    /// Reads a text.
    public init(text: String) { self.init(bytes: Array(text.utf8)) }

    /// Reads what stands in a file.
    public init(bytes: [UInt8]) {
        var values: [String: String] = [:]
        var unreadable: [Int] = []
        let lines = String(decoding: bytes, as: UTF8.self).split(
            omittingEmptySubsequences: false,
            whereSeparator: \.isNewline
        )
        for (index, line) in lines.enumerated() {
            let text = Self.trimmed(line)
            if text.isEmpty || text.hasPrefix("#") { continue }
            if let (key, value) = Self.pair(text) { values[key] = value } else { unreadable.append(index + 1) }
        }
        self.bytes = bytes
        self.values = values
        unreadableLines = unreadable
    }

    /// The file as text.
    public var text: String { String(decoding: bytes, as: UTF8.self) }

    /// The value of a key.
    public subscript(key: String) -> String? { values[key] }

    /// The key that a line sets; nil for one that sets none.
    public static func key(of line: some StringProtocol) -> String? {
        let text = trimmed(Substring(line))
        return text.hasPrefix("#") ? nil : pair(text)?.key
    }

    private static func pair(_ text: Substring) -> (key: String, value: String)? {
        guard let equals = text.firstIndex(of: "=") else { return nil }
        let key = trimmed(text[..<equals])
        guard !key.isEmpty, key.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "_-.".contains($0)) }) else {
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
