import CSodium

/// The half of an Ed25519 key pair that everybody may know: it checks signatures.
public struct PublicKey: Hashable, Sendable, CustomStringConvertible {
    /// The 32 bytes of the key.
    public let bytes: [UInt8]

    /// A key of exactly 32 bytes; nil for any other length.
    public init?(bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        self.bytes = bytes
    }

    /// Reads 64 hexadecimal digits; nil for any other text.
    public init?(hex: some StringProtocol) {
        guard let bytes = Hex.decode(hex) else { return nil }
        self.init(bytes: bytes)
    }

    /// The name of the key: the first eight bytes of its SHA-256, as sixteen hexadecimal digits.
    public var id: String { Hex.encode(Digest.sha256(bytes).bytes.prefix(8)) }

    /// The key as 64 hexadecimal digits.
    public var hex: String { Hex.encode(bytes) }

    /// The same as ``hex``.
    public var description: String { hex }

    /// Whether `signature` was made over exactly these bytes with the secret half of this key.
    public func verifies(_ signature: [UInt8], over message: [UInt8]) -> Bool {
        Sodium.prepare()
        guard signature.count == 64 else { return false }
        return crypto_sign_verify_detached(signature, message, UInt64(message.count), bytes) == 0
    }
}

extension PublicKey: Codable {
    /// Reads the base64url text of 32 bytes.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let bytes = Base64URL.decode(text), let key = PublicKey(bytes: bytes) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "a public key has 32 bytes")
        }
        self = key
    }

    /// Writes the base64url text of the 32 bytes.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(Base64URL.encode(bytes))
    }
}
