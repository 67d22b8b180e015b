/// A bearer key `opl_<prefix>_<secret>`: the prefix finds its row, the secret is shown once and stored as a hash.
public struct APIKey: Sendable, CustomStringConvertible {
    /// Eight hexadecimal digits that may be shown, logged and indexed.
    public let prefix: String
    /// The whole key, to be handed to its owner once.
    public let secretText: String

    /// A new key with 256 random bits.
    public static func generate() -> APIKey {
        APIKey(prefix: Hex.encode(randomBytes(4)), secret: Base64URL.encode(randomBytes(32)))
    }

    private init(prefix: String, secret: String) {
        self.prefix = prefix
        secretText = "opl_\(prefix)_\(secret)"
    }

    /// Takes a presented key apart; nil for a text of another form.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "_", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "opl", Hex.decode(parts[1])?.count == 4,
            parts[2].utf8.count == 43, parts[2].utf8.allSatisfy(Base64URL.isLetter)
        else { return nil }
        self.init(prefix: String(parts[1]), secret: String(parts[2]))
    }

    /// What is stored instead of the key: SHA-256 of the whole text, which 256 random bits make unguessable.
    public var hash: Digest { Digest.sha256(secretText) }

    /// Whether this presented key is the one with that stored hash; constant time.
    public func matches(_ storedHash: Digest) -> Bool { hash == storedHash }

    /// The prefix only, so that a key in a log line tells nothing.
    public var description: String { "opl_\(prefix)_…" }
}
