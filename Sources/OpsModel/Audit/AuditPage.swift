/// Rows of the audit chain, where to go on, and whether the chain can be believed.
public struct AuditPage: Codable, Hashable, Sendable {
    /// The rows that match, in the order that was asked for.
    public var rows: [AuditRecord]
    /// The `after` or `before` of the next page; nil when there is none.
    public var next: Int?
    /// The state of the whole chain, whatever the filter.
    public var chain: AuditChainState

    /// Puts the parts together as given.
    public init(rows: [AuditRecord], next: Int?, chain: AuditChainState) {
        self.rows = rows
        self.next = next
        self.chain = chain
    }
}
