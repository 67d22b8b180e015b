/// Names that look like the target's own clients and that only the holder of a key can tell from them.
///
/// The name is a plausible one with eight hexadecimal digits behind it. Every client of the target carries such a
/// suffix; recovery recomputes it to find what is its own.
public struct DisguiseTag: Sendable {
    private let key: [UInt8]

    /// Tags under this secret key.
    public init(key: [UInt8]) { self.key = key }

    /// A client name such as `psql-3fa94c01` for one token.
    public func name(_ plausible: String, token: String) -> String { "\(plausible)-\(suffix(plausible, token))" }

    /// Whether a client's name is the tag of that token.
    public func matches(_ name: String, token: String) -> Bool {
        guard let hyphen = name.lastIndex(of: "-") else { return false }
        let expected = suffix(String(name[..<hyphen]), token)
        return isEqualInConstantTime(name[name.index(after: hyphen)...].utf8, expected.utf8)
    }

    private func suffix(_ plausible: String, _ token: String) -> String {
        let message = Array("opslab/tag/1\0\(plausible)\0\(token)".utf8)
        return Hex.encode(Digest.hmac(message, key: key).bytes.prefix(4))
    }
}
