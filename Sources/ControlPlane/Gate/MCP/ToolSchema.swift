import OpsModel

/// The few shapes of JSON Schema that the tools' arguments are made of.
enum ToolSchema {
    /// An object that has these members and no others.
    static func object(_ members: [String: JSONValue], required: [String] = []) -> JSONValue {
        [
            "type": "object", "additionalProperties": false, "properties": .object(members),
            "required": .array(required.map(JSONValue.string)),
        ]
    }

    static func text(_ about: String) -> JSONValue { ["type": "string", "description": .string(about)] }

    static func word(_ words: [String], _ about: String) -> JSONValue {
        ["type": "string", "enum": .array(words.map(JSONValue.string)), "description": .string(about)]
    }

    static func list(of element: JSONValue, _ about: String, atLeast least: Int = 0) -> JSONValue {
        ["type": "array", "items": element, "minItems": .int(least), "description": .string(about)]
    }

    static func texts(_ about: String) -> JSONValue { list(of: ["type": "string"], about) }

    static func number(_ range: ClosedRange<Int>, _ about: String) -> JSONValue {
        [
            "type": "integer", "minimum": .int(range.lowerBound), "maximum": .int(range.upperBound),
            "description": .string(about),
        ]
    }
}
