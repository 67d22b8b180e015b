/// A value of a Compose file as it reads when no variable is set.
enum Interpolation: Hashable {
    /// All of it is known: `$$` is a dollar sign, and of `${NAME:-default}` the default counts.
    case text(String)
    /// It needs this variable.
    case variable(String)

    /// Fills in a value; defaults may hold variables themselves, to a depth that no person writes.
    static func fill(_ text: Substring, depth: Int = 0) -> Interpolation {
        var rest = text
        var filled = ""
        while let dollar = rest.firstIndex(of: "$") {
            filled += String(rest[..<dollar])
            rest = rest[rest.index(after: dollar)...]
            switch take(&rest, depth) {
            case .text(let text): filled += text
            case .variable(let name): return .variable(name)
            }
        }
        return .text(filled + String(rest))
    }

    /// What stands behind the last colon that is outside of braces; all of it when there is none.
    static func lastField(_ text: Substring) -> Substring {
        var depth = 0
        var start = text.startIndex
        for index in text.indices {
            switch text[index] {
            case "{": depth += 1
            case "}": depth -= 1
            case ":" where depth == 0: start = text.index(after: index)
            default: break
            }
        }
        return text[start...]
    }

    /// Takes what belongs to a dollar sign; a dollar sign to which nothing belongs is one.
    private static func take(_ rest: inout Substring, _ depth: Int) -> Interpolation {
        if rest.first == "$" {
            rest.removeFirst()
            return .text("$")
        }
        if rest.first == "{" { return expand(takeBraces(&rest), depth) }
        let name = rest.prefix(while: isPartOfName)
        guard let first = name.first, !first.isNumber else { return .text("$") }
        rest = rest[name.endIndex...]
        return .variable(String(name))
    }

    /// Takes a pair of braces and gives what stands between them; the rest of the text where the second one is missing.
    private static func takeBraces(_ rest: inout Substring) -> Substring {
        var depth = 0
        for index in rest.indices {
            if rest[index] == "{" { depth += 1 }
            if rest[index] == "}" { depth -= 1 }
            guard depth == 0 else { continue }
            let body = rest[..<index].dropFirst()
            rest = rest[rest.index(after: index)...]
            return body
        }
        defer { rest = rest[rest.endIndex...] }
        return rest.dropFirst()
    }

    private static func expand(_ body: Substring, _ depth: Int) -> Interpolation {
        let name = body.prefix(while: isPartOfName)
        let rule = body[name.endIndex...]
        for mark in [":-", "-"] where rule.hasPrefix(mark) && depth < 8 {
            return fill(rule.dropFirst(mark.count), depth: depth + 1)
        }
        return .variable(String(name))
    }

    private static func isPartOfName(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || character == "_")
    }
}
