import OpsModel

/// The parameters of one action: a closed list, each of a closed kind.
///
/// The same list makes the JSON Schema of the catalogue and checks what arrives, so the two cannot disagree.
struct ParameterSchema: Hashable, Sendable {
    /// What a parameter may be.
    enum Kind: Hashable, Sendable {
        case word([String])
        case integer(ClosedRange<Int>)
        /// The name of something outside the topology, such as a database role.
        case name
        /// The name of something that people call as they like, such as a feature flag.
        case label
        case boolean
        /// A value as configuration files have them: an amount with its unit, or a word.
        case setting
    }

    struct Property: Hashable, Sendable {
        var name: String
        var kind: Kind
        var summary: String
        var isRequired = false
    }

    var properties: [Property]

    /// The JSON Schema (2020-12) that the catalogue shows.
    var json: JSONValue {
        let members = properties.map { ($0.name, $0.json) }
        return [
            "type": "object",
            "additionalProperties": false,
            "required": .array(properties.filter(\.isRequired).map { .string($0.name) }),
            "properties": .object(Dictionary(members) { first, _ in first }),
        ]
    }

    /// Collects every problem; an empty list means that the parameters may be used.
    func problems(in parameters: [String: JSONValue]) -> [String] {
        let known = Set(properties.map(\.name))
        let strangers = parameters.keys.filter { !known.contains($0) }.sorted()
        let missing = properties.filter { $0.isRequired && parameters[$0.name] == nil }
        return strangers.map { "\($0): unknown; known are \(known.sorted().joined(separator: ", "))" }
            + missing.map { "\($0.name): missing, \($0.summary)" }
            + properties.compactMap { property in
                parameters[property.name].flatMap { property.problem(with: $0) }
            }
    }

    /// Gives the parameters back if there is nothing wrong with them.
    func checked(_ parameters: [String: JSONValue]) throws(ActionError) -> [String: JSONValue] {
        let problems = problems(in: parameters)
        guard problems.isEmpty else {
            throw ActionError(
                .invalidParameters,
                problems.joined(separator: "; "),
                hint: "GET /catalog shows the JSON Schema of every action",
                details: .array(problems.map(JSONValue.string))
            )
        }
        return parameters
    }
}

extension ParameterSchema.Property {
    fileprivate var json: JSONValue {
        switch kind {
        case .word(let words):
            ["type": "string", "enum": .array(words.map(JSONValue.string)), "description": .string(summary)]
        case .integer(let range):
            [
                "type": "integer", "minimum": .int(range.lowerBound), "maximum": .int(range.upperBound),
                "description": .string(summary),
            ]
        case .name:
            ["type": "string", "pattern": "^[a-z_][a-z0-9_]{0,62}$", "description": .string(summary)]
        case .label:
            ["type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$", "description": .string(summary)]
        case .boolean: ["type": "boolean", "description": .string(summary)]
        case .setting: ["type": "string", "pattern": "^[A-Za-z0-9.%/]{1,32}$", "description": .string(summary)]
        }
    }

    fileprivate func problem(with value: JSONValue) -> String? {
        switch (kind, value) {
        case (.word(let words), .string(let text)) where words.contains(text): nil
        case (.word(let words), _): "\(name): one of \(words.joined(separator: ", "))"
        case (.integer(let range), .int(let number)) where range.contains(number): nil
        case (.integer(let range), _): "\(name): a whole number from \(range.lowerBound) to \(range.upperBound)"
        case (.name, .string(let text)) where Self.isName(text): nil
        case (.setting, .string(let text)) where Self.isSetting(text): nil
        case (.setting, _): "\(name): letters, digits, points, percent signs and slashes, at most 32"
        case (.name, _): "\(name): lower-case letters, digits and underscores, at most 63"
        case (.label, .string(let text)) where Self.isLabel(text): nil
        case (.label, _): "\(name): letters, digits, underscores, dots and hyphens, at most 100"
        case (.boolean, .bool): nil
        case (.boolean, _): "\(name): true or false"
        }
    }

    private static func isLabel(_ text: String) -> Bool {
        let isPlain = { (letter: Character) in letter.isASCII && (letter.isLetter || letter.isNumber) }
        guard let first = text.first, isPlain(first), text.utf8.count <= 100 else { return false }
        return text.allSatisfy { isPlain($0) || "_.-".contains($0) }
    }

    private static func isSetting(_ text: String) -> Bool {
        (1...32).contains(text.utf8.count)
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || ".%/".contains($0)) }
    }

    private static func isName(_ text: String) -> Bool {
        let letters = Array(text.utf8)
        guard (1...63).contains(letters.count), !(48...57).contains(letters[0]) else { return false }
        return letters.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 95 }
    }
}
