public import OpsModel
import OpsPostgres
import OpsTrust

/// One row of the chain as it is stored, able to say which hash it should have.
public struct AuditRow: Hashable, Sendable, Codable {
    /// The place in the chain, from 1 without gaps.
    public var seq: Int
    /// The row's own id.
    public var id: String
    /// The kind of actor.
    public var actorType: String
    /// The actor's name.
    public var actorID: String
    /// What was done.
    public var action: String
    /// The kind of thing it was done to.
    public var entityType: String
    /// Which one.
    public var entityID: String
    /// The exact text of what changed; nil once it was erased.
    public var changes: String?
    /// The digest of that text, which stays when the text is erased.
    public var changesDigest: String
    /// When it was done.
    public var occurredAt: Timestamp
    /// Whose journal holds the line before it.
    public var journalWriter: String?
    /// The number of that line.
    public var journalNumber: Int?
    /// The digest of that line.
    public var journalHash: String?
    /// The hash of the row before.
    public var previous: String
    /// The hash of this row.
    public var hash: String

    enum CodingKeys: String, CodingKey {
        case seq, id, action, changes, previous, hash
        case actorType = "actor_type"
        case actorID = "actor_id"
        case entityType = "entity_type"
        case entityID = "entity_id"
        case changesDigest = "changes_digest"
        case occurredAt = "timestamp"
        case journalWriter = "journal_writer"
        case journalNumber = "journal_n"
        case journalHash = "journal_hash"
    }

    /// Puts an entry behind the row that is the last so far.
    init(_ entry: AuditEntry, after head: AuditHead) throws {
        let text = try OpsJSON.string(entry.changes)
        seq = head.seq + 1
        id = entry.id
        actorType = entry.actor.kind
        actorID = entry.actor.id
        action = entry.action
        entityType = entry.entityType
        entityID = entry.entityID
        changes = text
        changesDigest = Digest.sha256(text).hex
        occurredAt = entry.occurredAt
        journalWriter = entry.journal?.writer
        journalNumber = entry.journal?.number
        journalHash = entry.journal?.hash
        previous = head.hash
        hash = ""
        hash = expectedHash
    }

    /// The hash that these members and this predecessor give.
    var expectedHash: String {
        AuditLink.hash(
            previous: previous,
            sequence: seq,
            fields: [
                id, actorType, actorID, action, entityType, entityID, changesDigest, String(occurredAt.microseconds),
                journalWriter, journalNumber.map { String($0) }, journalHash,
            ]
        )
    }

    static let columns = """
        seq, id, actor_type, actor_id, action_type, entity_type, entity_id, changes::text AS changes, changes_digest,
        "timestamp", journal_writer, journal_n, journal_hash, prev_hash, hash
        """

    init(_ row: PostgresRow) throws(PostgresError) {
        seq = try row.int("seq")
        id = try row.string("id")
        actorType = try row.string("actor_type")
        actorID = try row.string("actor_id")
        action = try row.string("action_type")
        entityType = try row.string("entity_type")
        entityID = try row.string("entity_id")
        changes = row["changes"]
        changesDigest = try row.string("changes_digest")
        occurredAt = try row.timestamp("timestamp")
        journalWriter = row["journal_writer"]
        journalNumber = row.optionalInt("journal_n")
        journalHash = row["journal_hash"]
        previous = try row.string("prev_hash")
        hash = try row.string("hash")
    }
}

/// The end of a chain: the number and hash of its last row.
public struct AuditHead: Hashable, Sendable {
    /// The number of the last row, 0 for an empty chain.
    public var seq: Int
    /// Its hash.
    public var hash: String

    /// The end of an empty chain.
    public static let genesis = AuditHead(seq: 0, hash: AuditLink.genesis)
}
