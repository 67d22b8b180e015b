import OpsModel

/// A signed permission, on the wire `base64url(payload).base64url(signature)`.
///
/// The signature covers the payload's bytes as they travel, so nobody has to agree on a canonical form. Read ``payload``
/// only of a grant that ``KeyRing/verify(_:for:at:)`` gave back.
public struct Grant: Hashable, Sendable, CustomStringConvertible {
    private static let domain = Array("opslab/grant/1\0".utf8)

    /// The bytes that were signed, exactly.
    public let payloadBytes: [UInt8]
    /// The meaning of those bytes.
    public let payload: GrantPayload
    /// The Ed25519 signature over the domain and the bytes.
    public let signature: [UInt8]

    private init(payloadBytes: [UInt8], payload: GrantPayload, signature: [UInt8]) {
        self.payloadBytes = payloadBytes
        self.payload = payload
        self.signature = signature
    }

    /// Signs a payload, filling in the id of the signing key.
    public init(_ payload: GrantPayload, signedBy key: SigningKey) throws(TrustError) {
        var payload = payload
        payload.keyID = key.id
        do {
            try self.init(signing: OpsJSON.encode(payload), with: key)
        } catch let error as TrustError {
            throw error
        } catch {
            throw TrustError(.malformed, "the payload cannot be written as JSON: \(error)")
        }
    }

    /// Signs bytes that somebody else composed and that were shown to the signer; they must name the signer's key.
    public init(signing payloadBytes: [UInt8], with key: SigningKey) throws(TrustError) {
        let payload = try GrantPayload.parse(payloadBytes)
        guard payload.keyID == key.id else {
            throw TrustError(.unknownKey, "the payload is meant for key \(payload.keyID), this one is \(key.id)")
        }
        self.init(payloadBytes: payloadBytes, payload: payload, signature: key.sign(Self.domain + payloadBytes))
    }

    /// Takes the text of a grant apart; nothing is verified yet.
    public init(parsing text: some StringProtocol) throws(TrustError) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard text.utf8.count <= 65_536, parts.count == 2, let bytes = Base64URL.decode(parts[0]),
            let signature = Base64URL.decode(parts[1]), signature.count == 64
        else { throw TrustError(.malformed, "a grant is two base64url texts joined by a dot") }
        self.init(payloadBytes: bytes, payload: try GrantPayload.parse(bytes), signature: signature)
    }

    /// The text that travels.
    public var text: String { "\(Base64URL.encode(payloadBytes)).\(Base64URL.encode(signature))" }

    /// Names the grant without giving it away.
    public var description: String { "Grant(\(payload.grantID), \(payload.action))" }

    func isSigned(by key: PublicKey) -> Bool { key.verifies(signature, over: Self.domain + payloadBytes) }
}
