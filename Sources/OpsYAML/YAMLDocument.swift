/// A parsed document: its tree, and its text for messages that point into it.
public struct YAMLDocument: Sendable {
    /// The file as the person named it.
    public let file: String
    /// The value of the whole document; an empty text is a null scalar.
    public let root: YAMLNode
    /// The text, line by line.
    public let lines: [String]
    /// Lines before the first one of `text` when the document is part of a larger file, such as front matter.
    public let lineOffset: Int

    /// Parses one document.
    ///
    /// - Parameters:
    ///   - text: The YAML text.
    ///   - file: Its name in messages.
    ///   - lineOffset: How many lines of the file stand before the text.
    ///   - limits: What is refused unread.
    /// - Returns: The document with marks that count lines of the file.
    /// - Throws: ``YAMLError`` with every duplicate key, or with the place where the text stops being YAML.
    public static func parse(
        _ text: String,
        file: String,
        lineOffset: Int = 0,
        limits: YAMLLimits = .standard
    ) throws(YAMLError) -> YAMLDocument {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let sink = Diagnostics(file: file, lines: lines, lineOffset: lineOffset)
        guard text.utf8.count <= limits.bytes else {
            sink.report("the document has \(text.utf8.count) bytes, at most \(limits.bytes) are read")
            throw YAMLError(.tooLarge, sink.problems)
        }
        var composer = YAMLComposer(sink: sink, limits: limits)
        let root = try composer.compose(Array(text.utf8))
        guard sink.problems.isEmpty else { throw YAMLError(.malformed, sink.problems) }
        return YAMLDocument(file: file, root: root, lines: lines, lineOffset: lineOffset)
    }

    /// A fresh collector of problems that quotes this document.
    public func diagnostics() -> Diagnostics {
        Diagnostics(file: file, lines: lines, lineOffset: lineOffset)
    }
}
