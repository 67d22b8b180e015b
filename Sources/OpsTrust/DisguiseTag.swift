public import OpsModel

/// Names that look like the target's own clients and that only the holder of a key can tell from them.
///
/// Every client of the target has a name of this form; recovery computes the number again to find what is its own.
public struct DisguiseTag: Sendable {
    private let key: [UInt8]

    /// Tags under this secret key.
    public init(key: [UInt8]) { self.key = key }

    /// A client name such as `psql-3fa94c01` for one token.
    public func name(_ plausible: String, token: String) -> ClientName {
        ClientName(plausible, number: number(plausible, token))
    }

    /// Whether a client's name is the tag of that token.
    public func matches(_ name: String, token: String) -> Bool {
        ClientName(parsing: name).map { $0.number == number($0.base, token) } ?? false
    }

    private func number(_ plausible: String, _ token: String) -> UInt32 {
        let message = Array("opslab/tag/1\0\(plausible)\0\(token)".utf8)
        return Digest.hmac(message, key: key).bytes.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }
}
