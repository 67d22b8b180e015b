/// Whether the audit chain fits together, from its first row to its last.
public struct AuditChainState: Codable, Hashable, Sendable {
    /// Something that does not fit.
    public struct Problem: Codable, Hashable, Sendable {
        /// The number of the row; 0 where it is about no row.
        public var seq: Int
        /// What is wrong with it.
        public var message: String

        /// A row and what is wrong with it.
        public init(seq: Int, message: String) {
            self.seq = seq
            self.message = message
        }
    }

    /// Whether all of it fits.
    public var isWhole: Bool
    /// How many rows it has.
    public var rows: Int
    /// The number up to which a signed checkpoint vouches for it; rows behind that could be cut off without a trace.
    public var covered: Int
    /// How many genuine checkpoints were compared.
    public var checkpoints: Int
    /// The first things that do not fit.
    public var problems: [Problem]
    /// When it was looked at.
    public var verifiedAt: Timestamp

    /// Puts the parts together as given.
    public init(
        isWhole: Bool,
        rows: Int,
        covered: Int,
        checkpoints: Int,
        problems: [Problem],
        verifiedAt: Timestamp
    ) {
        self.isWhole = isWhole
        self.rows = rows
        self.covered = covered
        self.checkpoints = checkpoints
        self.problems = problems
        self.verifiedAt = verifiedAt
    }

    private enum CodingKeys: String, CodingKey {
        case rows, covered, checkpoints, problems
        case isWhole = "whole"
        case verifiedAt = "verified_at"
    }
}
