import CSodium

/// A 32-byte digest, compared in constant time and written as lower-case hexadecimal digits.
public struct Digest: Hashable, Sendable, CustomStringConvertible {
    /// The 32 bytes.
    public let bytes: [UInt8]

    private init(bytes: [UInt8]) { self.bytes = bytes }

    /// Reads the 64 hexadecimal digits of a digest; nil for any other text.
    public init?(hex: some StringProtocol) {
        guard let bytes = Hex.decode(hex), bytes.count == 32 else { return nil }
        self.bytes = bytes
    }

    /// The digest as 64 lower-case hexadecimal digits.
    public var hex: String { Hex.encode(bytes) }

    /// The same as ``hex``.
    public var description: String { hex }

    /// Compares in constant time, for digests that stand for a secret.
    public static func == (left: Digest, right: Digest) -> Bool { isEqualInConstantTime(left.bytes, right.bytes) }

    /// SHA-256 (FIPS 180-4), for whatever somebody else may want to recompute with `sha256sum`.
    public static func sha256(_ message: [UInt8]) -> Digest {
        Digest(bytes: output { crypto_hash_sha256($0, message, UInt64(message.count)) })
    }

    /// SHA-256 of the UTF-8 bytes of a text.
    public static func sha256(_ text: String) -> Digest { sha256(Array(text.utf8)) }

    /// HMAC-SHA-256 (RFC 2104) under a key of any length.
    public static func hmac(_ message: [UInt8], key: [UInt8]) -> Digest {
        Digest(
            bytes: output { result in
                var state = crypto_auth_hmacsha256_state()
                _ = crypto_auth_hmacsha256_init(&state, key, key.count)
                _ = crypto_auth_hmacsha256_update(&state, message, UInt64(message.count))
                return crypto_auth_hmacsha256_final(&state, result)
            }
        )
    }

    private static func output(_ fill: (UnsafeMutablePointer<UInt8>) -> Int32) -> [UInt8] {
        Sodium.prepare()
        return [UInt8](unsafeUninitializedCapacity: 32) { buffer, initialized in
            guard let base = buffer.baseAddress else { return }
            let status = fill(base)
            precondition(status == 0, "libsodium refused the lengths of a digest")
            initialized = 32
        }
    }
}
