internal import OpsYAML

/// The YAML between two lines of three hyphens at the top of a Markdown file, and the prose below it.
struct FrontMatter {
    /// The YAML text.
    var yaml: String
    /// Lines of the file before it.
    var offset: Int
    /// The prose, by heading, with line numbers of the file.
    var sections: [Runbook.Section]

    /// Splits a file; nil when it does not begin with front matter.
    init?(_ text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            line.hasSuffix("\r") ? String(line.dropLast()) : String(line)
        }
        guard lines.first == "---", let end = lines.dropFirst().firstIndex(of: "---") else { return nil }
        yaml = lines[1..<end].joined(separator: "\n")
        offset = 1
        sections = Self.sections(lines, from: end + 1)
    }

    private static func sections(_ lines: [String], from start: Int) -> [Runbook.Section] {
        var sections: [Runbook.Section] = []
        var title = ""
        var first = start
        func close(_ end: Int) {
            let text = lines[first..<end].joined(separator: "\n")
            guard !title.isEmpty || text.contains(where: { !$0.isWhitespace }) else { return }
            sections.append(Runbook.Section(title: title, lines: (first + 1)...max(first + 1, end), text: text))
        }
        for index in lines.indices.dropFirst(start) where lines[index].hasPrefix("#") {
            close(index)
            title = String(lines[index].drop { $0 == "#" || $0 == " " })
            first = index
        }
        close(lines.count)
        return sections
    }
}
