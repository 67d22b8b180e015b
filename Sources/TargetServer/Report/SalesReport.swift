import OpsModel
import OpsPostgres
import OpsService
import Synchronization

/// Looks at as many products' sales as fit into one second, or the time that a run is given, and goes on with the next ones at the next run.
///
/// All of a run is one transaction of the report's own role. Its tables have no index for this, so the database is busy
/// while it runs; at the end it takes stock of the best sellers, whose rows it holds until it commits.
final class SalesReport: Sendable {
    struct Run: Codable, Sendable, Equatable {
        var firstProduct: Int
        var lastProduct: Int
        var revenueCents: Int
        var durationMs: Int
        var endedAt: Timestamp

        enum CodingKeys: String, CodingKey {
            case firstProduct = "first_product"
            case lastProduct = "last_product"
            case revenueCents = "revenue_cents"
            case durationMs = "duration_ms"
            case endedAt = "ended_at"
        }
    }

    private static let products = 2_000
    private static let step = 25
    private let database: ShopDatabase
    private let budget: Duration
    private let next = Mutex(1)

    init(_ database: ShopDatabase, budget: Duration = .seconds(1)) {
        self.database = database
        self.budget = budget
    }

    /// Runs once; `budget` is for this run alone, and the usual one when nil.
    func run(within budget: Duration? = nil) async throws -> Run {
        let budget = budget ?? self.budget
        let start = ContinuousClock.now
        let first = next.withLock { $0 }
        let (last, revenue) = try await database.transaction { connection in
            var (product, revenue) = (first, 0)
            repeat {
                revenue += try await Self.revenue(from: product, connection)
                product += Self.step
            } while product <= Self.products && start.duration(to: .now) < budget
            try await Self.takeStock(connection)
            try await Self.keep(first, product - 1, revenue, start.duration(to: .now).milliseconds, connection)
            return (product - 1, revenue)
        }
        next.withLock { $0 = last >= Self.products ? 1 : last + 1 }
        let duration = start.duration(to: .now).milliseconds
        return Run(firstProduct: first, lastProduct: last, revenueCents: revenue, durationMs: duration, endedAt: .now())
    }

    private static func revenue(from product: Int, _ connection: PostgresConnection) async throws -> Int {
        try await connection.query(
            """
            SELECT coalesce(sum(total), 0)::bigint AS revenue FROM (
              SELECT sum(revenue_cents) AS total, percentile_cont(0.9) WITHIN GROUP (ORDER BY units) AS busy_day
              FROM sales_history WHERE product_id BETWEEN $1 AND $2 GROUP BY product_id, day % 7
            ) AS weekdays
            """,
            [.int(product), .int(product + step - 1)]
        ).only().int("revenue")
    }

    private static func takeStock(_ connection: PostgresConnection) async throws {
        try await connection.query("SELECT available FROM stock WHERE product_id <= 3 ORDER BY product_id FOR UPDATE")
    }

    private static func keep(
        _ first: Int,
        _ last: Int,
        _ revenue: Int,
        _ milliseconds: Int,
        _ connection: PostgresConnection
    ) async throws {
        try await connection.query(
            """
            INSERT INTO reports (first_product, last_product, revenue_cents, duration_ms) VALUES ($1, $2, $3, $4)
            """,
            [.int(first), .int(last), .int(revenue), .int(milliseconds)]
        )
    }
}
