import OpsModel
import OpsPostgres
import OpsService
import Synchronization

/// Copies runs from the journal into the database, as often as it takes.
///
/// A run never waits for it: what the database does not take now is tried again, and after a restart the journal says what
/// there is to copy.
final class PostgresRunRecorder: RunRecorder, Service {
    private let pool: PostgresPool
    private let logger: Logger
    private let runs: Mutex<[String: ActionLedger.Run]>

    /// Begins with what the journal holds: rows that are there already are written once more, unchanged.
    init(pool: PostgresPool, catchingUp ledger: ActionLedger, logger: Logger) {
        self.pool = pool
        self.logger = logger
        runs = Mutex(ledger.runs.filter { $0.value.result != nil })
    }

    func began(_ consumption: Consumption, by signers: [String]) async {}

    func ended(_ result: ActionResult, of run: ActionLedger.Run) async {
        runs.withLock { $0[result.run] = run }
        await flush()
    }

    func run() async throws {
        while !Task.isCancelled {
            await flush()
            guard (try? await Task.sleep(for: .seconds(1))) != nil else { break }  // cancelled: one last try below
        }
        await flush()
        pool.close()
    }

    private func flush() async {
        for (id, run) in runs.withLock({ $0 }) {
            do {
                if let row = try ActionRow(run) { try await pool.query(ActionRow.upsert, row.values) }
                _ = runs.withLock { $0.removeValue(forKey: id) }
            } catch {
                logger.debug("a run waits for the database", ["run": .string(id), "error": .string("\(error)")])
                return
            }
        }
    }
}
