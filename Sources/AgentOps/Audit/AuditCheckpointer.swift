import Glibc
public import OpsModel
public import OpsPostgres
public import OpsService
public import OpsTrust

/// Writes a signed checkpoint after 64 rows, or five seconds after a row, into a file outside the database.
public struct AuditCheckpointer: Service {
    private static let rows = 64
    private static let seconds = 5.0

    private let pool: PostgresPool
    private let organisation: String
    private let key: SigningKey
    private let path: String
    private let logger: Logger

    /// Checkpoints for the organisation of the pool's connections.
    public init(pool: PostgresPool, organisation: String, key: SigningKey, path: String, logger: Logger = .silent) {
        self.pool = pool
        self.organisation = organisation
        self.key = key
        self.path = path
        self.logger = logger
    }

    /// Looks at the chain once a second until the task is cancelled.
    public func run() async throws {
        var last = try AuditCheckpoint.read(path).last { $0.organisation == organisation }
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
        try append(OpsJSON.encode(checkpoint) + [UInt8(ascii: "\n")])
        return checkpoint
    }

    private func append(_ line: [UInt8]) throws(AgentOpsError) {
        let file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard file >= 0 else { throw AgentOpsError(.spoolFailed, "cannot open \(path)") }
        defer { close(file) }
        let count = line.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
        guard count == line.count, fsync(file) == 0 else { throw AgentOpsError(.spoolFailed, "cannot write \(path)") }
    }
}
