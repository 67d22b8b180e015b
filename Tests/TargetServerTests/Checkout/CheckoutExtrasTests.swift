import OpsHTTP
import OpsModel
import OpsPostgres
import OpsService
import Testing

@testable import TargetServer

@Suite struct CheckoutExtrasTests {
    private func basket(customer: Int, product: Int) -> JSONValue {
        [
            "customer_id": .int(customer), "card": "card-1",
            "items": [["product_id": .int(product), "quantity": 2]],
        ]
    }

    private func turnOn(_ flag: String, _ shop: ShopFixture) async throws {
        try await shop.database.query("UPDATE feature_flags SET enabled = true WHERE name = $1", [.text(flag)])
        await shop.flags.look()
    }

    @Test func nothingIsToldWhileTheFlagsAreOff() async throws {
        try await ShopFixture.with { shop async throws in
            await shop.flags.look()
            let answer = try await shop.send(.post, "/api/checkout", basket(customer: 17, product: 6), key: "extras-1")
            #expect(answer.status == 201)
            #expect(answer.document.at("data.delivery_window") == nil)
            #expect(answer.document.at("data.points") == nil)
        }
    }

    /// A part of the customers, or of the baskets, fails before anything is reserved or charged.
    @Test(arguments: [("delivery-windows", 12, 6, 17, 6), ("loyalty-points", 17, 9, 17, 13)])
    func whatIsNotFinishedFailsForSome(
        _ flag: String,
        _ goodCustomer: Int,
        _ goodProduct: Int,
        _ badCustomer: Int,
        _ badProduct: Int
    ) async throws {
        try await ShopFixture.with { shop async throws in
            try await turnOn(flag, shop)
            let good = try await shop.send(
                .post,
                "/api/checkout",
                basket(customer: goodCustomer, product: goodProduct),
                key: "extras-good"
            )
            #expect(good.status == 201)
            let told = good.document.at(flag == "loyalty-points" ? "data.points" : "data.delivery_window")
            let expected: JSONValue = flag == "loyalty-points" ? 4 : "11:00-13:00"
            #expect(told == expected)
            let bad = try await shop.send(
                .post,
                "/api/checkout",
                basket(customer: badCustomer, product: badProduct),
                key: "extras-bad"
            )
            #expect(bad.status == 500)
            #expect(try await shop.number("SELECT count(*) AS n FROM orders") == 1)
        }
    }

    @Test func everyTurnOfAFlagSaysWhenItWas() async throws {
        try await ShopFixture.with { shop async throws in
            let age =
                "SELECT extract(epoch FROM clock_timestamp() - updated_at)::int AS n FROM feature_flags WHERE name = 'banner'"
            try await shop.database.query("UPDATE feature_flags SET updated_at = '2026-01-02' WHERE name = 'banner'")
            #expect(try await shop.number(age) > 1_000, "a time that is given is kept")
            try await shop.database.query("UPDATE feature_flags SET enabled = true WHERE name = 'banner'")
            #expect(try await shop.number(age) < 10)
        }
    }
}
