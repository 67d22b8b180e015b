import FoundationEssentials

/// The one way JSON is written and read here: members sorted, slashes plain, no pretty printing unless asked.
public enum OpsJSON {
    /// The JSON text of a value, members in alphabetical order.
    public static func encode(_ value: some Encodable, pretty: Bool = false) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if pretty { encoder.outputFormatting.insert(.prettyPrinted) }
        return [UInt8](try encoder.encode(value))
    }

    /// Reads a value of a known shape from JSON text.
    public static func decode<Value: Decodable>(_ type: Value.Type, from bytes: some Sequence<UInt8>) throws -> Value {
        try JSONDecoder().decode(type, from: Data(bytes))
    }

    /// The JSON text of a value as a string.
    public static func string(_ value: some Encodable, pretty: Bool = false) throws -> String {
        String(decoding: try encode(value, pretty: pretty), as: UTF8.self)
    }
}

extension JSONValue {
    /// The document that encoding the value gives.
    public init(encoding value: some Encodable) throws {
        self = try OpsJSON.decode(JSONValue.self, from: OpsJSON.encode(value))
    }

    /// Reads a value of a known shape out of this document.
    public func decoded<Value: Decodable>(as type: Value.Type) throws -> Value {
        try OpsJSON.decode(type, from: OpsJSON.encode(self))
    }
}
