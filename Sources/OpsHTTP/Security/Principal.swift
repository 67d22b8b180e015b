/// Who stands behind a key.
public struct Principal: Codable, Sendable, Hashable {
    /// The name in records and logs.
    public var name: String
    /// What the key may be used for.
    public var scopes: Set<String>
    /// The person or service at the root of this identity; two identities of one root never approve each other.
    public var root: String

    /// Names a holder of scopes.
    public init(name: String, scopes: Set<String>, root: String) {
        self.name = name
        self.scopes = scopes
        self.root = root
    }
}
