import OpsModel
import OpsPostgres
import OpsService

/// The shop's connection pool, with every use of it counted.
///
/// Connections wait outside of transactions: a session of ours that is idle in one is a defect.
struct ShopDatabase: Sendable {
    let pool: PostgresPool
    private let meter: CallMeter

    init(_ pool: PostgresPool, meter: CallMeter, metrics: MetricsRegistry) {
        self.pool = pool
        self.meter = meter
        metrics.gauge("shop_pool_in_use", "Connections lent to somebody.") { [([], Double(pool.statistics.inUse))] }
        metrics.gauge("shop_pool_waiting", "Callers that wait for a connection.") {
            [([], Double(pool.statistics.waiting))]
        }
        metrics.gauge("shop_pool_max", "The most connections there may be.") { [([], Double(pool.statistics.limit))] }
        metrics.gauge("shop_pool_idle", "Open connections that nobody uses.") { [([], Double(pool.statistics.idle))] }
    }

    /// Runs one statement.
    @discardableResult
    func query(_ sql: String, _ values: [PostgresValue] = []) async throws -> PostgresRows {
        try await meter.measure("db") { try await pool.query(sql, values, within: .seconds(30)) }
    }

    /// Runs the closure in one transaction.
    nonisolated(nonsending) func transaction<Value>(
        _ body: (PostgresConnection) async throws -> Value
    ) async throws -> Value {
        try await meter.measure("db") { try await pool.transaction(body) }
    }
}

extension ShopEnvironment.Database {
    /// How a component of the shop logs in.
    ///
    /// The number in its name tells two starts of one component apart.
    func configuration(for component: String, connectTimeout: Duration = .seconds(2)) -> PostgresConfiguration {
        PostgresConfiguration(
            host: host,
            port: port,
            user: user,
            password: password,
            database: name,
            applicationName: ClientName("shop-\(component)", number: Self.start).description,
            connectTimeout: connectTimeout,
            statementTimeout: statementTimeout
        )
    }

    private static let start = UInt32.random(in: 0 ... .max)
}
