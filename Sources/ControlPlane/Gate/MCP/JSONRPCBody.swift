import OpsModel

/// What one HTTP body holds.
enum JSONRPCBody: Hashable, Sendable {
    case one(JSONRPCMessage)
    case batch([JSONRPCMessage])

    /// Nil when the bytes are no JSON at all.
    init?(_ bytes: [UInt8]) {
        guard let json = try? OpsJSON.decode(JSONValue.self, from: bytes) else { return nil }  // the nil says it all
        if let parts = json.arrayValue {
            self = .batch(parts.map(JSONRPCMessage.init))
        } else {
            self = .one(JSONRPCMessage(json))
        }
    }
}
