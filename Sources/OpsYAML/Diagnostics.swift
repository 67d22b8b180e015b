/// Collects the problems of one document, so that a person sees all of them at once.
///
/// Not `Sendable`: lives as long as one validation.
public final class Diagnostics {
    /// The problems in the order they were found.
    public private(set) var problems: [Problem] = []
    private let file: String
    private let lines: [String]
    private let lineOffset: Int
    var offset: Int { lineOffset }

    /// A collector that quotes `lines`, of which the first is line `lineOffset + 1` of the file.
    public init(file: String, lines: [String], lineOffset: Int = 0) {
        self.file = file
        self.lines = lines
        self.lineOffset = lineOffset
    }

    /// Adds a problem; without a mark it concerns the whole file.
    public func report(_ message: String, at mark: YAMLMark? = nil, hint: String? = nil) {
        guard let mark else {
            problems.append(Problem(file: file, message: message, hint: hint))
            return
        }
        let index = mark.line - lineOffset - 1
        let source = lines.indices.contains(index) ? visible(lines[index]) : nil
        problems.append(
            Problem(
                file: file,
                line: mark.line,
                column: mark.column,
                message: message,
                hint: hint,
                source: source
            )
        )
    }

    /// Takes over problems found elsewhere.
    public func add(_ more: [Problem]) {
        problems += more
    }

    /// Throws everything collected so far, in the order of the text; does nothing when there is nothing.
    public func throwIfAny() throws(YAMLError) {
        guard problems.isEmpty else { throw YAMLError(.invalid, sorted) }
    }

    private var sorted: [Problem] {
        problems.enumerated()
            .sorted {
                ($0.element.line, $0.element.column, $0.offset) < ($1.element.line, $1.element.column, $1.offset)
            }
            .map(\.element)
    }

    /// Control characters of foreign text must not reach a terminal.
    private func visible(_ line: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in line.unicodeScalars {
            let isControl = scalar.value < 32 || (127...159).contains(scalar.value)
            let isBidi = (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
            scalars.append((isControl && scalar != "\t") || isBidi ? "\u{FFFD}" : scalar)
        }
        return String(scalars)
    }
}
