import OpsHTTP
import OpsModel
import OpsPostgres
import Testing

@testable import TargetServer

@Suite("When the goods of a basket leave")
struct DispatchTests {
    private func item(_ product: Int) throws -> CheckoutRequest.Item {
        let body: JSONValue = ["product_id": .int(product), "quantity": 1]
        return try body.decoded(as: CheckoutRequest.Item.self)
    }

    @Test("A product that kept the warehouse busy often leaves a day later; a receipt says which day")
    func days() async throws {
        try await ShopFixture.with { shop async throws in
            let dispatch = Dispatch(database: shop.database)
            try await shop.database.query("UPDATE sales_history SET units = 29 WHERE product_id IN (7, 8)")
            try await shop.database.query("UPDATE sales_history SET units = 30 WHERE product_id = 7 AND day <= 20")
            try await shop.database.query("UPDATE sales_history SET units = 30 WHERE product_id = 8 AND day <= 19")
            let often = try await dispatch.days(for: [try self.item(7), try self.item(7)])
            let seldom = try await dispatch.days(for: [try self.item(8)])
            let unknown = try await dispatch.days(for: [try self.item(99_999)])
            #expect(often == 2 && seldom == 1 && unknown == 1)
            let basket: JSONValue = [
                "customer_id": 17, "card": "card-1", "items": [["product_id": 7, "quantity": 1]],
            ]
            let answer = try await shop.send(.post, "/api/checkout", basket, key: "dispatch-1")
            #expect(answer.document.at("data.dispatch_days") == 2)
        }
    }

    /// Else nobody would miss it.
    @Test("The days are looked up by the index while it is there")
    func plan() async throws {
        try await ShopFixture.with { shop async throws in
            let plan = try await shop.database.query(
                """
                EXPLAIN SELECT FROM unnest('{7,8}'::text::integer[]) AS wanted (product), generate_series(1, 60) AS past (day)
                WHERE (SELECT units FROM sales_history AS sold WHERE sold.product_id = wanted.product AND sold.day = past.day) >= 30
                """
            ).map { $0["QUERY PLAN"] ?? "" }.joined(separator: "\n")
            #expect(plan.contains("sales_history_day") && !plan.contains("Seq Scan on sales_history"), "\(plan)")
        }
    }
}
