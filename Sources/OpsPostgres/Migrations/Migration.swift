/// One numbered step of a schema, with the way back.
public struct Migration: Hashable, Sendable {
    /// The place in the order, starting at 1 without gaps.
    public let number: Int
    /// A short name for people.
    public let name: String
    /// The statements that make the change, run in one transaction.
    public let up: String
    /// The statements that take it back, run in one transaction.
    public let down: String

    /// A step; its text must never change once it has been applied anywhere.
    public init(_ number: Int, _ name: String, up: String, down: String) {
        self.number = number
        self.name = name
        self.up = up
        self.down = down
    }
}

/// Where one step stands in one database.
public struct MigrationStatus: Hashable, Sendable, Codable {
    /// The closed list of standings.
    public enum State: String, Hashable, Sendable, Codable {
        case applied
        case pending
        /// Applied with another text than ours.
        case drifted
        /// Applied by a newer program.
        case unknown
    }

    /// The place in the order.
    public let number: Int
    /// The name for people.
    public let name: String
    /// Where it stands.
    public let state: State
    /// When it was applied.
    public let appliedAt: String?

    enum CodingKeys: String, CodingKey {
        case number, name, state
        case appliedAt = "applied_at"
    }
}
