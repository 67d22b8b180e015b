import OpsPostgres

/// Says which product of a list sells best, behind the flag `sales-ranks`.
///
/// Finished, and dear: the ranks of all products are worked out for each list that is made, a tenth of a second of one processor. While lists come from the cache nobody notices. A cache that was emptied is another matter.
struct SalesRanks: Sendable {
    let database: ShopDatabase
    let flags: FlagBoard

    private static let sql = """
        SELECT product_id FROM (
          SELECT product_id, rank() OVER (PARTITION BY span, day % 7 ORDER BY sum(units) DESC) AS by_units,
            rank() OVER (PARTITION BY span, day % 7 ORDER BY sum(revenue_cents) DESC) AS by_revenue
          FROM sales_history, (VALUES (30), (60)) AS spans (span) WHERE day <= span GROUP BY product_id, span, day % 7
        ) AS ranked WHERE product_id = ANY ($1::text::integer[]) GROUP BY product_id
        ORDER BY sum(by_units + by_revenue), product_id LIMIT 1
        """

    /// Nil while the flag is off, and for a list of products that were never sold.
    func best(of products: [Int]) async throws -> Int? {
        guard flags.isOn("sales-ranks"), !products.isEmpty else { return nil }
        let list = "{\(products.map(String.init).joined(separator: ","))}"
        return try await database.query(Self.sql, [.text(list)]).first.map { try $0.int("product_id") }
    }
}
