/// Turns the text of a key into the principal it was issued to.
public protocol Authenticator: Sendable {
    /// The holder of a key; nil when it is unknown, expired or revoked.
    ///
    /// Throws when nobody can say: then the request fails with that error, which is no refusal of the key.
    func authenticate(key: String) async throws -> Principal?
}

/// Knows nobody: for services whose routes are all open.
public struct NoAuthenticator: Authenticator {
    /// Makes an authenticator that refuses every key.
    public init() {}
    /// Refuses.
    public func authenticate(key: String) async -> Principal? { nil }
}
