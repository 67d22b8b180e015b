/// The path of a route, taken apart: words that have to match and places that take any one segment.
struct PathTemplate: Sendable, Hashable {
    enum Part: Sendable, Hashable {
        case word(String)
        case place(String)
    }

    let text: String
    let parts: [Part]

    init(_ text: String) {
        self.text = text
        parts = text.split(separator: "/").map { piece in
            piece.first == "{" && piece.last == "}"
                ? .place(String(piece.dropFirst().dropLast())) : .word(String(piece))
        }
    }

    var places: [String] {
        parts.compactMap { part in
            if case .place(let name) = part { name } else { nil }
        }
    }

    /// What stands in the places of a path; nil when the path is another one.
    func match(_ segments: [String]) -> [String: String]? {
        guard segments.count == parts.count else { return nil }
        var found: [String: String] = [:]
        for (part, segment) in zip(parts, segments) {
            switch part {
            case .word(let word): if word != segment { return nil }
            case .place(let name):
                if segment.isEmpty { return nil }
                found[name] = segment
            }
        }
        return found
    }
}
