import CSodium

/// An Ed25519 key pair.
///
/// The secret half leaves it only for a file of mode 0600.
public struct SigningKey: Sendable, CustomStringConvertible {
    private let secret: [UInt8]
    /// The half that everybody may know.
    public let publicKey: PublicKey

    private init(secret: [UInt8], publicKey: PublicKey) {
        self.secret = secret
        self.publicKey = publicKey
    }

    /// A new pair from the system's source of chance.
    public static func generate() -> SigningKey { SigningKey(trustedSeed: randomBytes(32)) }

    /// The pair that a seed of 32 bytes determines; nil for any other length.
    public init?(seed: [UInt8]) {
        guard seed.count == 32 else { return nil }
        self.init(trustedSeed: seed)
    }

    private init(trustedSeed seed: [UInt8]) {
        Sodium.prepare()
        var secret = [UInt8](repeating: 0, count: 64)
        var shared = [UInt8](repeating: 0, count: 32)
        let status = crypto_sign_seed_keypair(&shared, &secret, seed)
        guard status == 0, let publicKey = PublicKey(bytes: shared) else {
            preconditionFailure("libsodium made no key pair of a 32-byte seed")
        }
        self.init(secret: secret, publicKey: publicKey)
    }

    /// The name of the pair, the same as that of its public half.
    public var id: String { publicKey.id }

    /// Names the key without telling it.
    public var description: String { "SigningKey(\(id))" }

    /// The 64 bytes of the signature over exactly these bytes.
    public func sign(_ message: [UInt8]) -> [UInt8] {
        var signature = [UInt8](repeating: 0, count: 64)
        let status = crypto_sign_detached(&signature, nil, message, UInt64(message.count), secret)
        precondition(status == 0, "libsodium refused to sign")
        return signature
    }

    /// The 32 bytes from which the pair can be made again.
    var seed: [UInt8] { Array(secret.prefix(32)) }
}

extension SigningKey {
    private static let header = "opslab-signing-key-1"

    /// Writes the pair to a new file of mode 0600; an existing file is never overwritten.
    public func write(to path: String) throws(TrustError) {
        try SecretFile.create(path, Array("\(Self.header) \(id) \(Hex.encode(seed))\n".utf8))
    }

    /// Reads a pair back; refuses a file that others may read and one whose key id does not match its key.
    public static func read(from path: String) throws(TrustError) -> SigningKey {
        let text = String(decoding: try SecretFile.read(path), as: UTF8.self)
        let fields = text.split(whereSeparator: \.isWhitespace)
        guard fields.count == 3, fields[0] == header, let seed = Hex.decode(fields[2]),
            let key = SigningKey(seed: seed), key.id == fields[1]
        else { throw TrustError(.badKey, "\(path) is not a signing key; make a new one with `opslab keys new`") }
        return key
    }
}
