/// Hides what changes from line to line: numbers, identifiers, addresses, quoted words.
enum TokenMask {
    /// What stands in a template where lines differ.
    static let wildcard = "<*>"

    /// The words of a message, each variable one replaced by the wildcard.
    static func tokens(of message: String) -> [String] {
        message.split(whereSeparator: \.isWhitespace).prefix(64).map { mask(String($0)) }
    }

    /// `key=value` keeps its key; a word with a digit, or in quotes, is variable.
    private static func mask(_ token: String) -> String {
        if let equals = token.firstIndex(of: "="), equals != token.startIndex {
            let value = token[token.index(after: equals)...]
            return String(token[...equals]) + (isVariable(value) ? wildcard : String(value))
        }
        return isVariable(token[...]) ? wildcard : token
    }

    private static func isVariable(_ token: Substring) -> Bool {
        if token.utf8.contains(where: { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }) { return true }
        guard let first = token.first else { return false }
        return first == "\"" || first == "'" || first == "/"
    }
}
