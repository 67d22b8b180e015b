/// A table of text whose columns line up; foreign text in it is cleaned.
public struct TextTable: Sendable {
    /// How a column's cells stand.
    public enum Alignment: Sendable {
        /// Text.
        case left
        /// Numbers.
        case right
    }

    private let headers: [String]
    private let alignments: [Alignment]
    private var rows: [[String]] = []

    /// A table with these headings; columns named in `numbers` stand to the right.
    public init(_ headers: [String], numbers: Set<String> = []) {
        self.headers = headers
        alignments = headers.map { numbers.contains($0) ? .right : .left }
    }

    /// True when no row was added.
    public var isEmpty: Bool { rows.isEmpty }

    /// Adds a row; missing cells are empty, surplus ones are dropped.
    public mutating func add(_ cells: [String]) {
        let clean = cells.prefix(headers.count).map { Terminal.clean($0) }
        rows.append(clean + [String](repeating: "", count: headers.count - clean.count))
    }

    /// The table as text without a trailing line feed; the last column is not padded.
    public func render() -> String {
        let widths = headers.indices.map { column in
            ([headers] + rows).map { $0[column].count }.max() ?? 0
        }
        return ([headers] + rows).map { line($0, widths) }.joined(separator: "\n")
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        let padded = cells.indices.map { column in
            let blank = String(repeating: " ", count: widths[column] - cells[column].count)
            return alignments[column] == .right ? blank + cells[column] : cells[column] + blank
        }
        var text = padded.joined(separator: "  ")[...]
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
