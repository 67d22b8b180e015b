/// One row of the audit chain as people read it.
public struct AuditRecord: Codable, Hashable, Sendable {
    /// The place in the chain, from 1 without gaps.
    public var seq: Int
    /// The row's own id.
    public var id: String
    /// When it was done.
    public var at: Timestamp
    /// `person`, `agent`, `service` or `policy`.
    public var actorType: String
    /// The actor's name.
    public var actor: String
    /// What was done, in dotted words.
    public var action: String
    /// The kind of thing it was done to.
    public var targetType: String
    /// Which one.
    public var target: String
    /// What changed; null once it was erased.
    public var changes: JSONValue
    /// The digest of the text of what changed, which stays when that is erased.
    public var changesDigest: String
    /// The hash of the row before.
    public var previous: String
    /// The hash of this row.
    public var hash: String

    /// Puts the parts together as given.
    public init(
        seq: Int,
        id: String,
        at: Timestamp,
        actorType: String,
        actor: String,
        action: String,
        targetType: String,
        target: String,
        changes: JSONValue,
        changesDigest: String,
        previous: String,
        hash: String
    ) {
        self.seq = seq
        self.id = id
        self.at = at
        self.actorType = actorType
        self.actor = actor
        self.action = action
        self.targetType = targetType
        self.target = target
        self.changes = changes
        self.changesDigest = changesDigest
        self.previous = previous
        self.hash = hash
    }

    private enum CodingKeys: String, CodingKey {
        case seq, id, at, actor, action, target, changes, previous, hash
        case actorType = "actor_type"
        case targetType = "target_type"
        case changesDigest = "changes_digest"
    }
}
