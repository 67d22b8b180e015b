import AgentOps
import OpsModel
import OpsPostgres
import OpsService
import OpsSystem

/// Tells the referee's records what becomes of each fault.
///
/// The journals on disk are the law, whoever wrote them: server, holder, guard or an undo at the shell. This only follows
/// them, so that no fault waits for a database, and an outage or a restart costs no state that lasts. An end between an event
/// and its mark repeats the event.
struct FaultRecording: Service {
    private static let interval: Duration = .milliseconds(500)

    /// How long an orderly stop follows the faults that end with it.
    private static let farewell: UInt64 = 4_000_000_000

    let store: FaultStore
    /// Takes an event into the referee's spool.
    let record: @Sendable (Event) -> Void
    let pool: PostgresPool
    /// Where it is kept what was told.
    let path: String
    let logger: Logger

    /// What was told, and the rows that the database has not taken yet.
    private struct State: Sendable {
        var progress: FaultProgress
        var waiting: [String: FaultRecord] = [:]
    }

    func run() async throws {
        var state = State(progress: try read())
        while !Task.isCancelled {
            await follow(&state)
            do { try await Task.sleep(for: Self.interval) } catch { break }
        }
        // Beside the cancelled task, or no row could be written any more.
        let left = state
        await Task { await finish(left) }.value
        pool.close()
    }

    private func finish(_ left: State) async {
        var state = left
        let end = BootClock.now() + Self.farewell
        await follow(&state)
        while state.progress.hasOpen, BootClock.now() < end {
            try? await Task.sleep(for: .milliseconds(100))  // nobody cancels this one
            await follow(&state)
        }
    }

    private func follow(_ state: inout State) async {
        let known = state.progress
        for record in changed(&state) {
            if state.progress.isNews(record), let event = try? Self.event(record) {  // our own type has a JSON text
                self.record(event)
                state.progress.tell(record)
            }
            if state.progress.lacksRow(record) { state.waiting[record.id] = record }
        }
        let told = state.progress
        if told != known { save(told) }
        await write(&state)
        if state.progress != told { save(state.progress) }
    }

    /// The faults of which more may be known than was told; one that cannot be read is looked at again.
    private func changed(_ state: inout State) -> [FaultRecord] {
        do {
            let ids = try store.ids()
            state.progress.keep(ids)
            return ids.filter { !isSettled($0, state) }.compactMap { (try? store.file($0))?.record() }
        } catch {
            logger.warning("the faults cannot be listed", ["error": .string("\(error)")])
            return []
        }
    }

    private func isSettled(_ id: String, _ state: State) -> Bool {
        state.progress.isOver(id) || state.waiting[id].map { FaultProgress.isLast($0.state) } == true
    }

    /// Only a repeated event or row is lost with it.
    private func save(_ progress: FaultProgress) {
        do { try FileSystem.writeAtomically(try OpsJSON.encode(progress), to: path, mode: 0o600) } catch {
            logger.warning("it could not be kept which faults were told of", ["error": .string("\(error)")])
        }
    }

    /// The rows of the table; what the database does not take now is tried again.
    private func write(_ state: inout State) async {
        for (id, record) in state.waiting {
            do {
                try await pool.query(Self.upsert, try Self.values(record))
                state.waiting[id] = nil
                state.progress.store(record)
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
