/// Writes foreign words into a YAML text so that they can be nothing but words.
enum DraftText {
    private static let columns = 118
    /// Plain words that one YAML or another reads as something else.
    private static let taken: Set<String> = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"]

    /// A value or key, in quotes where it needs them.
    static func word(_ text: String) -> String {
        isBare(text) ? text : "\"\(text.unicodeScalars.map(escaped).joined())\""
    }

    /// A list in one line.
    static func list(_ words: [String]) -> String { "[\(words.map(word).joined(separator: ", "))]" }

    /// A comment, broken into lines; whatever stands in the words, it ends where it ends.
    static func comment(_ words: String, indent: Int = 0) -> [String] {
        let margin = String(repeating: " ", count: indent) + "#"
        var lines: [String] = []
        for word in harmless(words).split(separator: " ") {
            if let last = lines.last, last.count + 1 + word.count <= columns {
                lines[lines.count - 1] += " \(word)"
            } else {
                lines.append("\(margin) \(word)")
            }
        }
        return lines
    }

    /// Foreign text inside of a sentence: what is longer says no more.
    static func brief(_ text: String) -> String { text.count > 40 ? "\(text.prefix(40))..." : text }

    /// Line breaks end comments, and marks that turn the reading direction hide what is read.
    private static func harmless(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { scalars.append((0x20...0x7E).contains(scalar.value) ? scalar : "?") }
        return String(scalars)
    }

    private static func isBare(_ text: String) -> Bool {
        guard let first = text.utf8.first, isLetter(first) || first == 47 || first == 95 else { return false }
        let isPlain = text.utf8.allSatisfy { isLetter($0) || (48...57).contains($0) || "/_-.".utf8.contains($0) }
        return isPlain && !taken.contains(text.lowercased())
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (65...90).contains(byte) || (97...122).contains(byte)
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        if scalar == "\"" || scalar == "\\" { return "\\\(scalar)" }
        guard !(0x20...0x7E).contains(scalar.value) else { return String(scalar) }
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
    }
}
