import OpsHTTP
import OpsModel
import OpsPostgres
import OpsSystem

/// Tells whether the gate's database answers, within a second and on a connection of its own.
///
/// Without it the gate can take no page, accept no incident's key and store no decision, so it is not ready.
struct DatabaseProbe: Sendable {
    private let pool: PostgresPool
    private let limit: Duration

    init(_ database: PostgresConfiguration, within limit: Duration = .seconds(1)) {
        var database = database
        database.connectTimeout = limit
        database.statementTimeout = limit
        pool = PostgresPool(database, limit: 1, acquireTimeout: limit)
        self.limit = limit
    }

    func report() async -> HealthReport {
        HealthReport(checks: [await check()])
    }

    private func check() async -> HealthReport.Check {
        let failure = await withTaskGroup(of: String?.self) { group in
            group.addTask { await ask() }
            group.addTask {
                try? await Task.sleep(for: limit)  // cancelled when the answer came first
                return "no answer within \(limit.inSeconds) s"
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
        return HealthReport.Check(name: "database", isHealthy: failure == nil, message: failure ?? "answers")
    }

    /// Why there was no answer; nil when there was one.
    ///
    /// A connection that an earlier crash broke is tried anew.
    private func ask() async -> String? {
        var failure: String?
        for _ in 1...2 {
            do {
                try await pool.query("SELECT 1", within: limit)
                return nil
            } catch {
                failure = "\(error)"
            }
        }
        return failure
    }
}
