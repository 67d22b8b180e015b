import AgentOps
import OpsModel
import OpsPostgres
import OpsService
import Synchronization

/// Copies runs from the journal into the database, as often as it takes: a row, and a link of the audit chain.
///
/// A run never waits for it: what the database does not take now is tried again, and after a restart the journal says what
/// there is to copy.
final class PostgresRunRecorder: RunRecorder, Service {
    private let pool: PostgresPool
    private let events: Recorder
    private let journal: ActionJournal
    private let logger: Logger
    private let runs: Mutex<[String: ActionLedger.Run]>

    /// Begins with what the journal holds; what is in the database already is left as it is.
    init(pool: PostgresPool, catchingUp journal: ActionJournal, events: Recorder, logger: Logger) {
        self.pool = pool
        self.events = events
        self.logger = logger
        self.journal = journal
        runs = Mutex(journal.ledger.runs.filter { $0.value.result != nil })
    }

    func began(_ consumption: Consumption) async {
        events.record(
            Event(
                .action,
                "action.began",
                incident: consumption.decision.incident,
                payload: ["run": .string(consumption.run), "action": .string(consumption.action)]
            )
        )
    }

    func ended(_ result: ActionResult, of run: ActionLedger.Run) async {
        events.record(
            Event(
                .action,
                "action.ended",
                incident: run.consumption.decision.incident,
                payload: [
                    "run": .string(result.run), "action": .string(result.action),
                    "state": .string(result.state.rawValue), "message": .string(result.message),
                ]
            )
        )
        runs.withLock { $0[result.run] = run }
        await flush()
    }

    func run() async throws {
        while !Task.isCancelled {
            await flush()
            // Cancelled: the next start catches up.
            guard (try? await Task.sleep(for: .seconds(1))) != nil else { break }
        }
        pool.close()
    }

    private func flush() async {
        for (id, run) in runs.withLock({ $0 }) {
            do {
                try await pool.transaction { connection in try await store(run, on: connection) }
                _ = runs.withLock { $0.removeValue(forKey: id) }
            } catch {
                logger.debug("a run waits for the database", ["run": .string(id), "error": .string("\(error)")])
                return
            }
        }
    }

    /// Row and audit entry together, once: a run that is complete in the database is not touched again.
    private func store(_ run: ActionLedger.Run, on connection: PostgresConnection) async throws {
        guard let row = try ActionRow(run), let result = run.result else { return }
        let known = try await connection.query(
            "SELECT ended_at IS NOT NULL AS is_complete FROM lab.actions WHERE id = $1 FOR UPDATE",
            [.text(result.run)]
        )
        if try known.first?.bool("is_complete") == true { return }
        try await connection.query(ActionRow.upsert, row.values)
        try await AuditTrail.append(entry(run, result), on: connection)
    }

    private func entry(_ run: ActionLedger.Run, _ result: ActionResult) -> AuditEntry {
        let decision = run.consumption.decision
        return AuditEntry(
            actor: .service("action"),
            action: "action.\(result.state.rawValue)",
            entity: (type: "action", id: result.run),
            changes: [
                "action": .string(result.action), "parameters": .object(result.parameters),
                "grants": .array(run.consumption.grants.map(JSONValue.string)), "decided": .string(decision.kind),
                "signed_by": .array(decision.signers.map(JSONValue.string)), "incident": .string(decision.incident),
                "epoch": run.intent.map { .int($0.epoch) } ?? .null, "message": .string(result.message),
            ],
            at: result.endedAt ?? .now(),
            journal: journal.ending(of: result.run).map {
                .init(writer: "action/journal", number: $0.number, line: $0.line)
            }
        )
    }
}
