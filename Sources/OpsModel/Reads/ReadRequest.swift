/// The questions of one round trip; at most 64.
public struct ReadRequest: Codable, Hashable, Sendable {
    /// The questions, answered in this order.
    public var reads: [ReadQuery]

    /// Puts the parts together as given.
    public init(reads: [ReadQuery]) {
        self.reads = reads
    }
}
