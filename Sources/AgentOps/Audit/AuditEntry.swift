public import OpsModel
import OpsTrust

/// One change of something that people may ask about later: who, what, to which thing.
public struct AuditEntry: Hashable, Sendable {
    /// Who acted.
    public enum Actor: Hashable, Sendable {
        case person(String)
        case agent(String)
        case service(String)
        case policy(String)

        /// The kind of actor, as it is stored.
        public var kind: String {
            switch self {
            case .person: "person"
            case .agent: "agent"
            case .service: "service"
            case .policy: "policy"
            }
        }

        /// The actor's name.
        public var id: String {
            switch self {
            case .person(let id), .agent(let id), .service(let id), .policy(let id): id
            }
        }
    }

    /// The line of a service's own journal that came before this row.
    public struct JournalPosition: Hashable, Sendable {
        /// Whose journal it is.
        public var writer: String
        /// The number of the line, counted from 1.
        public var number: Int
        /// The SHA-256 of the line.
        public var hash: String

        /// The place and content of a line.
        public init(writer: String, number: Int, line: [UInt8]) {
            self.writer = writer
            self.number = number
            hash = Digest.sha256(line).hex
        }
    }

    /// The row's own id.
    public var id: String
    /// Who acted.
    public var actor: Actor
    /// What was done, in dotted words such as `approval.approve`.
    public var action: String
    /// The kind of thing it was done to.
    public var entityType: String
    /// Which one.
    public var entityID: String
    /// What changed, without secrets.
    public var changes: JSONValue
    /// When it was done.
    public var occurredAt: Timestamp
    /// The line of the acting service's journal, where there is one.
    public var journal: JournalPosition?

    /// An entry of now.
    public init(
        actor: Actor,
        action: String,
        entity: (type: String, id: String),
        changes: JSONValue = [:],
        at occurredAt: Timestamp = .now(),
        journal: JournalPosition? = nil
    ) {
        id = Identifier.random(prefix: "aud", length: 20)
        self.actor = actor
        self.action = action
        entityType = entity.type
        entityID = entity.id
        self.changes = changes
        self.occurredAt = occurredAt
        self.journal = journal
    }
}
