import AgentOps
import OpsModel
import OpsPostgres
import OpsService
import OpsSystem

/// Tells the referee's records what becomes of each fault.
///
/// The journals on disk are the law, whoever wrote them: server, holder, guard or an undo at the shell. This only follows
/// them, so that no fault waits for a database, and an outage or a restart costs no state that lasts.
struct FaultRecording: Service {
    private static let interval: Duration = .milliseconds(500)

    let store: FaultStore
    let recorder: Recorder
    let pool: PostgresPool
    /// Where it is kept what was told.
    let path: String
    let logger: Logger

    func run() async throws {
        var progress = try read()
        var waiting: [String: FaultRecord] = [:]
        while !Task.isCancelled {
            for record in news(&progress) { waiting[record.id] = record }
            await write(&waiting)
            do { try await Task.sleep(for: Self.interval) } catch { break }
        }
        _ = news(&progress)
        pool.close()
    }

    /// Records what is new and gives it back for its row.
    private func news(_ progress: inout FaultProgress) -> [FaultRecord] {
        do {
            let ids = try store.ids()
            progress.keep(ids)
            let files = try ids.filter { !progress.isOver($0) }.compactMap { try store.file($0) }
            let records = files.compactMap { $0.record() }.filter { progress.take($0) }
            guard !records.isEmpty else { return [] }
            for record in records { recorder.record(try Self.event(record)) }
            try FileSystem.writeAtomically(try OpsJSON.encode(progress), to: path, mode: 0o600)
            return records
        } catch {
            logger.warning("the state of a fault could not be recorded", ["error": .string("\(error)")])
            return []
        }
    }

    /// The rows of the table; what the database does not take now is tried again.
    private func write(_ waiting: inout [String: FaultRecord]) async {
        for (id, record) in waiting {
            do {
                try await pool.query(Self.upsert, try Self.values(record))
                waiting[id] = nil
            } catch {
                logger.debug("a fault's row waits for the database", ["error": .string("\(error)")])
                return
            }
        }
    }

    private func read() throws -> FaultProgress {
        guard FileSystem.exists(path) else { return FaultProgress() }
        return try OpsJSON.decode(FaultProgress.self, from: FileSystem.read(path))
    }

    private static func event(_ record: FaultRecord) throws -> Event {
        Event(.fault, "fault.\(record.state.rawValue)", payload: try JSONValue(encoding: record))
    }

    private static let upsert = """
        INSERT INTO lab.faults (id, kind, class, target, state, requested_at, applied_at, ended_at, lease_until, outcome, document,
            run_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        ON CONFLICT (org_id, id) DO UPDATE SET state = excluded.state, applied_at = excluded.applied_at,
            ended_at = excluded.ended_at, outcome = excluded.outcome, document = excluded.document
        """

    private static func values(_ record: FaultRecord) throws -> [PostgresValue] {
        [
            .text(record.id), .text(record.fault), .text(record.persistence.rawValue), .text(record.target),
            .text(record.state.rawValue), .timestamp(record.requestedAt), .optional(record.appliedAt),
            .optional(record.endedAt), .timestamp(record.requestedAt + record.leaseS),
            .json(try OpsJSON.encode(record.outcome)), .json(try OpsJSON.encode(record)),
            .optional(record.run),
        ]
    }
}
