public import OpsModel

/// One public key that is accepted: whose it is, what it may sign, and for how long.
public struct TrustedKey: Hashable, Sendable {
    /// What a key may sign.
    public enum Role: String, Hashable, Sendable {
        /// Policy grants and grants that the gate attests for a person.
        case gate
        /// Human grants in its owner's name.
        case approver
        /// Checkpoints of the audit chain.
        case checkpoint
    }

    /// The owner: a person's name, or the service.
    public var name: String
    /// What the key may sign.
    public var role: Role
    /// The key itself.
    public var publicKey: PublicKey
    /// The name of the person who made the key for themselves, so that both names are one person; nil for a person of their own.
    public var mintedBy: String?
    /// The first moment at which it is accepted; nil for always.
    public var notBefore: Timestamp?
    /// The first moment at which it is no longer accepted; nil for never.
    public var notAfter: Timestamp?

    /// An accepted key with its owner and its span.
    public init(
        name: String,
        role: Role,
        publicKey: PublicKey,
        mintedBy: String? = nil,
        notBefore: Timestamp? = nil,
        notAfter: Timestamp? = nil
    ) {
        self.name = name
        self.role = role
        self.publicKey = publicKey
        self.mintedBy = mintedBy
        self.notBefore = notBefore
        self.notAfter = notAfter
    }

    /// The key's id.
    public var id: String { publicKey.id }

    /// Whether the key is accepted at that moment.
    public func isValid(at moment: Timestamp) -> Bool {
        if let notBefore, moment < notBefore { return false }
        if let notAfter, notAfter <= moment { return false }
        return true
    }
}
