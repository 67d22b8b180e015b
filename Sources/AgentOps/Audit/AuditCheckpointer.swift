public import OpsModel
public import OpsPostgres
public import OpsService
import OpsSystem
public import OpsTrust

/// Writes a signed checkpoint after 64 rows, or five seconds after a row, into a file outside the database.
public struct AuditCheckpointer: Service {
    private static let rows = 64
    private static let seconds = 5.0

    private let pool: PostgresPool
    private let organisation: String
    private let key: SigningKey
    private let file: LineFile
    private let logger: Logger
    private let whenBehind: @Sendable (AuditCheckpoint, AuditHead) async throws -> Void

    /// Checkpoints for the organisation of the pool's connections.
    ///
    /// `whenBehind` is told once of a chain that ends before the newest checkpoint, or differs at it; what it throws has it told again.
    public init(
        pool: PostgresPool,
        organisation: String,
        key: SigningKey,
        path: String,
        logger: Logger = .silent,
        whenBehind: @escaping @Sendable (AuditCheckpoint, AuditHead) async throws -> Void = { _, _ in }
    ) {
        self.pool = pool
        self.organisation = organisation
        self.key = key
        file = LineFile(path: path, mode: 0o644)
        self.logger = logger
        self.whenBehind = whenBehind
    }

    /// Looks at the chain once a second until the task is cancelled.
    public func run() async throws {
        try file.cutTornTail()
        var last = try AuditCheckpoint.read(file.path).last { $0.organisation == organisation }
        while !Task.isCancelled {
            do {
                last = try await checkpoint(after: last) ?? last
            } catch {
                logger.warning("no audit checkpoint could be written", ["error": .string("\(error)")])
            }
            do { try await Task.sleep(for: .seconds(1)) } catch { break }
        }
    }

    /// Writes a checkpoint if one is due, and gives it back.
    @discardableResult
    public func checkpoint(after last: AuditCheckpoint?, now: Timestamp = .now()) async throws -> AuditCheckpoint? {
        var head = try await AuditTrail.head(pool)
        if let last, try await isBehind(last, head) {
            logger.error(
                "the audit chain is not what its checkpoint says",
                ["checkpoint": .int(last.seq), "head": .int(head.seq)]
            )
            try await whenBehind(last, head)
            head = try await AuditTrail.head(pool)
            return try write(head, at: now)
        }
        let added = head.seq - (last?.seq ?? 0)
        guard added >= Self.rows || added > 0 && now - (last?.at ?? Timestamp(microseconds: 0)) >= Self.seconds else {
            return nil
        }
        return try write(head, at: now)
    }

    /// Whether the database is another one, or an earlier state of it.
    private func isBehind(_ last: AuditCheckpoint, _ head: AuditHead) async throws -> Bool {
        guard last.seq > 0 else { return false }
        guard head.seq >= last.seq else { return true }
        let row = try await AuditTrail.rows(pool, after: last.seq - 1, limit: 1).first
        return row?.hash != last.hash
    }

    private func write(_ head: AuditHead, at now: Timestamp) throws -> AuditCheckpoint {
        let checkpoint = AuditCheckpoint(organisation: organisation, head: head, at: now, signedBy: key)
        try file.append(OpsJSON.encode(checkpoint) + [UInt8(ascii: "\n")], isDurable: true)
        return checkpoint
    }
}
