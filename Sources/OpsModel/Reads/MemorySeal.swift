/// What a frozen memory holds, so that a run can be told from one with another memory.
public struct MemorySeal: Codable, Hashable, Sendable {
    /// Only incidents that ended before are in it.
    public var before: Timestamp
    /// How many there are.
    public var incidents: Int
    /// SHA-256 over all of them, in hex.
    public var digest: String

    /// Puts the parts together as given.
    public init(before: Timestamp, incidents: Int, digest: String) {
        self.before = before
        self.incidents = incidents
        self.digest = digest
    }
}
