/// Any JSON document, for the places where the shape is the sender's choice.
///
/// Integers and floating-point numbers stay apart, so that a process id never comes back as `4117.0`.
public enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    case int(Int)
    case double(Double)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])

    /// The member of an object; nil for a missing member and for anything that is no object.
    public subscript(_ member: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members[member]
    }

    /// The element of an array; nil outside its bounds and for anything that is no array.
    public subscript(_ index: Int) -> JSONValue? {
        guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
        return elements[index]
    }

    /// Follows a dotted path such as `data.0.price_cents` through objects and arrays.
    public func at(_ path: String) -> JSONValue? {
        path.split(separator: ".").reduce(Optional(self)) { value, step in
            Int(step).flatMap { value?[$0] } ?? value?[String(step)]
        }
    }
}

extension JSONValue {
    /// The text of a string, nil for every other kind.
    public var stringValue: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// A whole number, nil for fractions and for every other kind.
    public var intValue: Int? {
        switch self {
        case .int(let number): number
        case .double(let number): Int(exactly: number)
        default: nil
        }
    }

    /// A number of either kind.
    public var doubleValue: Double? {
        switch self {
        case .int(let number): Double(number)
        case .double(let number): number
        default: nil
        }
    }

    /// A truth value, nil for every other kind.
    public var boolValue: Bool? {
        guard case .bool(let flag) = self else { return nil }
        return flag
    }

    /// The elements of an array, nil for every other kind.
    public var arrayValue: [JSONValue]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    /// The members of an object, nil for every other kind.
    public var objectValue: [String: JSONValue]? {
        guard case .object(let members) = self else { return nil }
        return members
    }

    /// Whether the document is the JSON word `null`.
    public var isNull: Bool { self == .null }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
    /// Reads a literal as the JSON string of the same text.
    public init(stringLiteral value: String) { self = .string(value) }
    /// Reads a literal as a whole number.
    public init(integerLiteral value: Int) { self = .int(value) }
    /// Reads a literal as a floating-point number.
    public init(floatLiteral value: Double) { self = .double(value) }
    /// Reads a literal as a truth value.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// Reads a literal as an array.
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    /// Reads a literal as an object; of two equal members the later one stays.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(Dictionary(elements) { _, later in later })
    }
    /// Reads `nil` as the JSON word `null`.
    public init(nilLiteral: ()) { self = .null }
}

extension JSONValue: Codable {
    /// Reads whatever JSON stands at the decoder's position.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let flag = try? container.decode(Bool.self) {  // a mismatch only says: try the next kind
            self = .bool(flag)
        } else if let number = try? container.decode(Int.self) {  // likewise
            self = .int(number)
        } else if let number = try? container.decode(Double.self) {  // likewise
            self = .double(number)
        } else if let text = try? container.decode(String.self) {  // likewise
            self = .string(text)
        } else if let elements = try? container.decode([JSONValue].self) {  // likewise
            self = .array(elements)
        } else {
            self = .object(try container.decode([String: JSONValue].self))
        }
    }

    /// Writes the value as itself, without a wrapper.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let flag): try container.encode(flag)
        case .int(let number): try container.encode(number)
        case .double(let number): try container.encode(number)
        case .string(let text): try container.encode(text)
        case .array(let elements): try container.encode(elements)
        case .object(let members): try container.encode(members)
        }
    }
}
