/// Why a condition cannot be read, and at which character.
public struct ConditionSyntaxError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong.
    public var message: String
    /// Counted from zero.
    public var offset: Int

    /// The message with the position counted from one.
    public var description: String { "\(message) (character \(offset + 1))" }
}

extension Condition {
    /// Reads one condition.
    ///
    /// - Parameters:
    ///   - text: The condition.
    ///   - aliases: Names given under `look`; on the right-hand side only these and reads are references, all else is a word.
    /// - Throws: ``ConditionSyntaxError`` with the place where it cannot be read.
    public init(_ text: String, aliases: Set<String> = []) throws(ConditionSyntaxError) {
        var parser = ConditionParser(text, aliases: aliases)
        self = try parser.condition()
    }
}

extension Reference {
    /// Reads a reference that stands alone, as under `look`.
    public init(parsing text: String) throws(ConditionSyntaxError) {
        var parser = ConditionParser(text, aliases: [])
        self = try parser.lonelyReference()
    }
}

/// A hand-written reader of one line; about as long as the grammar itself.
struct ConditionParser {
    private let characters: [Character]
    private let aliases: Set<String>
    private var position = 0

    init(_ text: String, aliases: Set<String>) {
        characters = Array(text)
        self.aliases = aliases
    }

    mutating func condition() throws(ConditionSyntaxError) -> Condition {
        var condition = Condition(left: try reference())
        skipBlanks()
        if let relation = relation() {
            condition.relation = relation
            condition.right = try operand()
        }
        condition.within = try within()
        try end()
        return condition
    }

    mutating func lonelyReference() throws(ConditionSyntaxError) -> Reference {
        let reference = try reference()
        try end()
        return reference
    }

    private mutating func reference() throws(ConditionSyntaxError) -> Reference {
        skipBlanks()
        var reference = Reference(path: try names())
        if peek == "{" {
            reference.selector = try selector()
            if peek == "." {
                position += 1
                reference.tail = try names()
            }
        }
        return reference
    }

    private mutating func names() throws(ConditionSyntaxError) -> [String] {
        var names = [try name()]
        while peek == ".", position + 1 < characters.count, isNameStart(characters[position + 1]) {
            position += 1
            names.append(try name())
        }
        return names
    }

    private mutating func name() throws(ConditionSyntaxError) -> String {
        guard let first = peek, isNameStart(first) else { throw error("a read or a name from 'look' is expected here") }
        let start = position
        while let character = peek, isNameStart(character) || character.isNumber || character == "-" { position += 1 }
        return String(characters[start..<position])
    }

    private mutating func selector() throws(ConditionSyntaxError) -> [String] {
        position += 1
        let start = position
        while let character = peek, character != "}" {
            guard character != "{" else { throw error("a selector holds words and commas only") }
            position += 1
        }
        guard peek == "}" else { throw error("the selector has no '}'") }
        let parts = String(characters[start..<position]).split(separator: ",", omittingEmptySubsequences: false)
        position += 1
        let words = parts.map { $0.split(separator: " ").joined(separator: " ") }
        guard !words.contains("") else { throw error("a selector holds words, separated by commas") }
        return words
    }

    private mutating func relation() -> Condition.Relation? {
        for relation in Condition.Relation.allCases where starts(with: relation.rawValue) {
            position += relation.rawValue.count
            return relation
        }
        return nil
    }

    private mutating func operand() throws(ConditionSyntaxError) -> Condition.Operand {
        skipBlanks()
        let start = position
        while let character = peek, !character.isWhitespace, character != "{" { position += 1 }
        let text = String(characters[start..<position])
        guard !text.isEmpty else { throw error("something to compare with is expected here") }
        if let quantity = Quantity(text) { return .number(text, quantity) }
        let path = text.split(separator: ".").map(String.init)
        if peek == "{" || ReadVocabulary.split(path) != nil || path.first.map(aliases.contains) == true {
            position = start
            return .reference(try reference())
        }
        guard !text.contains(where: { "<>=!}".contains($0) }) else {
            throw error("'\(text)' is neither number nor word")
        }
        return .word(text)
    }

    private mutating func within() throws(ConditionSyntaxError) -> Duration? {
        skipBlanks()
        guard starts(with: "within ") else { return nil }
        position += "within ".count
        skipBlanks()
        let start = position
        while let character = peek, !character.isWhitespace { position += 1 }
        guard let duration = Duration(goStyle: String(characters[start..<position])) else {
            throw error("'within' needs a duration such as 2s")
        }
        return duration
    }

    private mutating func end() throws(ConditionSyntaxError) {
        skipBlanks()
        guard peek == nil else { throw error("the condition should end here; it has no and, or, not") }
    }

    private var peek: Character? { position < characters.count ? characters[position] : nil }

    private func starts(with text: String) -> Bool { characters[position...].starts(with: text) }

    private mutating func skipBlanks() {
        while let character = peek, character.isWhitespace { position += 1 }
    }

    private func isNameStart(_ character: Character) -> Bool {
        character == "_" || (character.isLetter && character.isASCII)
    }

    private func error(_ message: String) -> ConditionSyntaxError {
        ConditionSyntaxError(message: message, offset: position)
    }
}
