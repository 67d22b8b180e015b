public import OpsModel

/// A value on its way to the server, sent in text form; the statement's context decides its type there.
public enum PostgresValue: Hashable, Sendable {
    case null
    case text(String)
    case int(Int)
    case double(Double)
    case bool(Bool)
    case bytes([UInt8])
    case json([UInt8])
    case textArray([String])
    case optionalTextArray([String?])
    case timestamp(Timestamp)

    /// The JSON text of any document.
    public static func json(_ value: JSONValue) -> PostgresValue {
        do { return .json(try OpsJSON.encode(value)) } catch { return .null }  // only a NaN has no JSON text
    }

    /// A text, or null for nil.
    public static func optional(_ text: String?) -> PostgresValue { text.map(PostgresValue.text) ?? .null }
    /// A number, or null for nil.
    public static func optional(_ number: Int?) -> PostgresValue { number.map(PostgresValue.int) ?? .null }
    /// A number, or null for nil.
    public static func optional(_ number: Double?) -> PostgresValue { number.map(PostgresValue.double) ?? .null }
    /// A moment, or null for nil.
    public static func optional(_ moment: Timestamp?) -> PostgresValue { moment.map(PostgresValue.timestamp) ?? .null }

    /// The text that the server reads; nil for null.
    var wireText: String? {
        switch self {
        case .null: nil
        case .text(let text): text
        case .int(let number): String(number)
        case .double(let number): number.description
        case .bool(let flag): flag ? "t" : "f"
        case .bytes(let bytes): "\\x" + PostgresText.hex(bytes)
        case .json(let bytes): String(decoding: bytes, as: UTF8.self)
        case .textArray(let elements): PostgresText.array(elements)
        case .optionalTextArray(let elements): PostgresText.array(elements)
        case .timestamp(let moment): moment.description
        }
    }
}

extension PostgresValue: ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByNilLiteral
{
    /// Reads a literal as text.
    public init(stringLiteral value: String) { self = .text(value) }
    /// Reads a literal as a whole number.
    public init(integerLiteral value: Int) { self = .int(value) }
    /// Reads a literal as a floating-point number.
    public init(floatLiteral value: Double) { self = .double(value) }
    /// Reads a literal as a truth value.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// Reads `nil` as null.
    public init(nilLiteral: ()) { self = .null }
}
