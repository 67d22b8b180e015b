/// One thing wrong with a document that a person wrote, at the place where it is wrong.
public struct Problem: Hashable, Sendable, Codable, CustomStringConvertible {
    /// The file as the person named it.
    public var file: String
    /// Counted from one; zero when the whole file is meant.
    public var line: Int
    /// Counted from one, in characters.
    public var column: Int
    /// What is wrong.
    public var message: String
    /// What to write instead, when we know.
    public var hint: String?
    /// The text of the line, for the caret.
    public var source: String?

    /// Describes a problem; leave `line` at zero for the file as a whole.
    public init(
        file: String,
        line: Int = 0,
        column: Int = 0,
        message: String,
        hint: String? = nil,
        source: String? = nil
    ) {
        self.file = file
        self.line = line
        self.column = column
        self.message = message
        self.hint = hint
        self.source = source
    }

    /// The position, the message, the line with a caret below the spot, and the hint.
    public var description: String {
        var text = line > 0 ? "\(file):\(line):\(column): \(message)" : "\(file): \(message)"
        if let source, line > 0 {
            let margin = "\(line)"
            let blank = String(repeating: " ", count: margin.count)
            text += "\n  \(margin) | \(source)\n  \(blank) | \(caretPadding(source))^"
        }
        if let hint { text += "\n  hint: \(hint)" }
        return text
    }

    private func caretPadding(_ source: String) -> String {
        String(source.prefix(max(0, column - 1)).map { $0 == "\t" ? "\t" : " " })
    }
}
