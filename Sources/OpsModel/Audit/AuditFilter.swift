/// Which rows of the audit chain somebody wants to see.
public struct AuditFilter: Hashable, Sendable {
    /// The actor's name, alone or behind its kind: `ann`, `person:ann`.
    public var actor: String?
    /// What was done, or the beginning of it up to a dot: `approval.granted`, `approval`.
    public var action: String?
    /// The thing it was done to, alone or behind its kind: `inc-1`, `incident:inc-1`.
    public var target: String?
    /// The first moment that counts.
    public var from: Timestamp?
    /// The first moment that no longer counts.
    public var to: Timestamp?
    /// Only rows behind this number, in their order.
    public var after: Int?
    /// Only rows before this number, the newest first; so are they without either number.
    public var before: Int?
    /// How many rows at most.
    public var limit: Int

    /// How many rows one answer may have.
    public static let limits = 1...500

    /// Every row, the newest first, unless something narrower is given.
    public init(
        actor: String? = nil,
        action: String? = nil,
        target: String? = nil,
        from: Timestamp? = nil,
        to: Timestamp? = nil,
        after: Int? = nil,
        before: Int? = nil,
        limit: Int = 50
    ) {
        self.actor = actor
        self.action = action
        self.target = target
        self.from = from
        self.to = to
        self.after = after
        self.before = before
        self.limit = limit
    }

    /// The filter as members of a query, those that are set.
    public var members: [(name: String, value: String)] {
        let all: [(String, String?)] = [
            ("actor", actor), ("action", action), ("target", target), ("from", from?.description),
            ("to", to?.description), ("after", after.map { String($0) }), ("before", before.map { String($0) }),
            ("limit", String(limit)),
        ]
        return all.compactMap { name, value in value.map { (name, $0) } }
    }
}
