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

    /// Checkpoints for the organisation of the pool's connections.
    public init(pool: PostgresPool, organisation: String, key: SigningKey, path: String, logger: Logger = .silent) {
        self.pool = pool
        self.organisation = organisation
        self.key = key
        file = LineFile(path: path, mode: 0o644)
        self.logger = logger
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
        let head = try await AuditTrail.head(pool)
        let added = head.seq - (last?.seq ?? 0)
        guard added >= Self.rows || added > 0 && now - (last?.at ?? Timestamp(microseconds: 0)) >= Self.seconds else {
            return nil
        }
        let checkpoint = AuditCheckpoint(organisation: organisation, head: head, at: now, signedBy: key)
        try file.append(OpsJSON.encode(checkpoint) + [UInt8(ascii: "\n")], isDurable: true)
        return checkpoint
    }
}
