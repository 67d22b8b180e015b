import OpsPostgres

/// When the goods of a basket leave the warehouse: the next day, or a day later where they are much asked for.
///
/// Each of the last sixty days is looked up for each product. With its index that is a few microseconds a day; without it,
/// the whole history is read as often.
struct Dispatch: Sendable {
    /// Units of one product that keep the warehouse busy for a day.
    static let busy = 30
    /// A product that was so often busy in sixty days leaves later.
    static let oftenBusy = 20

    let database: ShopDatabase

    private static let sql = """
        SELECT count(*)::int AS n FROM unnest($1::text::integer[]) AS wanted (product), generate_series(1, 60) AS past (day)
        WHERE (SELECT units FROM sales_history AS sold WHERE sold.product_id = wanted.product AND sold.day = past.day) >= $2
        """

    /// Days until the goods leave; 1 or 2.
    func days(for items: [CheckoutRequest.Item]) async throws -> Int {
        let products = Set(items.map(\.productID)).sorted()
        let list = "{\(products.map(String.init).joined(separator: ","))}"
        let busy = try await database.query(Self.sql, [.text(list), .int(Self.busy)]).only().int("n")
        return busy >= Self.oftenBusy * products.count ? 2 : 1
    }
}
