import OpsTrust

/// What identifies a value without being the value.
struct Fingerprint: RawRepresentable, Codable, Hashable, Sendable {
    let rawValue: String

    /// Nothing is there.
    static let absent = Fingerprint(rawValue: "absent")

    /// The SHA-256 of some bytes, in hexadecimal digits.
    static func of(_ bytes: [UInt8]) -> Fingerprint { Fingerprint(rawValue: Digest.sha256(bytes).hex) }

    /// The SHA-256 of a text's UTF-8 bytes.
    static func of(_ text: String) -> Fingerprint { self.of(Array(text.utf8)) }
}
