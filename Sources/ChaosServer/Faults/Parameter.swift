import OpsModel

/// One parameter of a fault with its limits.
struct Parameter: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        case choice([String])
        case flag
        case number(ClosedRange<Double>)
        /// A name, checked against the target by the fault itself.
        case name
    }

    var name: String
    var kind: Kind
    var fallback: JSONValue
    var help: String

    /// Why a value is not acceptable.
    func problem(with value: JSONValue) -> String? {
        switch self.kind {
        case .choice(let choices):
            guard let text = value.stringValue, choices.contains(text) else {
                return "\(self.name): expected one of \(choices.joined(separator: ", "))"
            }
        case .flag:
            guard value.boolValue != nil else { return "\(self.name): expected true or false" }
        case .number(let range):
            guard let number = value.doubleValue, range.contains(number) else {
                return "\(self.name): expected a number from \(range.lowerBound) to \(range.upperBound)"
            }
        case .name:
            guard let text = value.stringValue, text.utf8.count <= 63, text.allSatisfy(Self.isPlain) else {
                return "\(self.name): expected a name of letters, digits, _ and -"
            }
        }
        return nil
    }

    var schema: JSONValue {
        var members: [String: JSONValue] = ["description": .string(self.help), "default": self.fallback]
        switch self.kind {
        case .choice(let choices): members["enum"] = .array(choices.map { .string($0) })
        case .flag: members["type"] = "boolean"
        case .number(let range):
            members["type"] = "number"
            members["minimum"] = .double(range.lowerBound)
            members["maximum"] = .double(range.upperBound)
        case .name: members["type"] = "string"
        }
        return .object(members)
    }

    private static func isPlain(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || character == "_" || character == "-")
    }
}
