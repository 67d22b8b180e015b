/// A place in a YAML text, both counts from one.
public struct YAMLMark: Hashable, Sendable, Codable, Comparable {
    /// Line of the text.
    public var line: Int
    /// Character of the line.
    public var column: Int

    /// The beginning of a text.
    public static let start = YAMLMark(line: 1, column: 1)

    /// A place by line and column.
    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    /// Orders places as a reader meets them.
    public static func < (a: YAMLMark, b: YAMLMark) -> Bool {
        (a.line, a.column) < (b.line, b.column)
    }
}
