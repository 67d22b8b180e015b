import AgentOps
import OpsModel
import OpsPostgres
import OpsTrust

/// Where people read the audit chain of the gate's organisation.
struct AuditDesk: Sendable {
    /// Connections that are bound to the organisation.
    private let pool: PostgresPool
    private let watch: ChainWatch

    /// `signed` gives the checkpoints that were written outside the database, and the keys that may have signed them.
    init(
        pool: PostgresPool,
        organisation: String,
        freshFor: Duration = .seconds(5),
        signed: @escaping @Sendable () throws -> (checkpoints: [AuditCheckpoint], keys: [PublicKey])
    ) {
        self.pool = pool
        watch = ChainWatch(freshFor: freshFor) {
            let signed = try signed()
            return try await AuditVerifier.verify(
                pool,
                organisation: organisation,
                checkpoints: signed.checkpoints,
                keys: signed.keys
            )
        }
    }

    func page(_ filter: AuditFilter) async throws -> AuditPage {
        var wanted = filter
        wanted.limit += 1  // one more says whether there is a next page
        let found = try await AuditTrail.rows(pool, matching: wanted)
        let rows = found.prefix(filter.limit).map { AuditRecord($0) }
        return AuditPage(
            rows: rows,
            next: found.count > filter.limit ? rows.last?.seq : nil,
            chain: try await watch.state()
        )
    }
}

extension AuditRecord {
    /// The row for people: what changed is a document again.
    init(_ row: AuditRow) {
        // What cannot be read is told as the text that it is.
        let changes = row.changes.flatMap { try? OpsJSON.decode(JSONValue.self, from: $0.utf8) }
        self.init(
            seq: row.seq,
            id: row.id,
            at: row.occurredAt,
            actorType: row.actorType,
            actor: row.actorID,
            action: row.action,
            targetType: row.entityType,
            target: row.entityID,
            changes: changes ?? row.changes.map { .string($0) } ?? .null,
            changesDigest: row.changesDigest,
            previous: row.previous,
            hash: row.hash
        )
    }
}
