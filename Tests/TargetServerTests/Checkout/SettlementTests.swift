import OpsPostgres
import OpsService
import Testing

@testable import TargetServer

@Suite struct SettlementTests {
    private func settlement(_ shop: ShopFixture) -> Settlement {
        let gateway = PaymentGateway(
            shop.environment,
            http: shop.process.http,
            meter: shop.process.meter,
            logger: .silent,
            metrics: shop.process.metrics
        )
        return Settlement(book: OrderBook(database: shop.database), gateway: gateway, logger: .silent, quiet: 0)
    }

    private func leave(_ key: String, in shop: ShopFixture) async throws {
        try await shop.database.query(
            """
            INSERT INTO orders (id, idempotency_key, customer_id, state, amount_cents, provider, updated_at)
            VALUES ($1, $1, 1, 'pending', 500, 'primary', now() - interval '1 minute')
            """,
            [.text(key)]
        )
        try await shop.database.query(
            "INSERT INTO order_items (order_id, product_id, quantity, price_cents) VALUES ($1, 10, 1, 500)",
            [.text(key)]
        )
        try await shop.database.query(
            "UPDATE stock SET available = available - 1, sold = sold + 1 WHERE product_id = 10"
        )
    }

    @Test func chargedOrdersAreFinishedAndOthersAreGivenBack() async throws {
        try await ShopFixture.with { shop async throws in
            try await leave("charged-key", in: shop)
            try await leave("unheard-key", in: shop)
            _ = try shop.primary.book.record(Charge(key: "charged-key", amountCents: 500, card: "c"), .charged)
            try await settlement(shop).settleAll()
            #expect(
                try await shop.number("SELECT count(*) AS n FROM orders WHERE id = 'charged-key' AND state = 'paid'")
                    == 1
            )
            #expect(
                try await shop.number(
                    "SELECT count(*) AS n FROM orders WHERE id = 'unheard-key' AND state = 'cancelled'"
                )
                    == 1
            )
            #expect(try await shop.number("SELECT sold AS n FROM stock WHERE product_id = 10") == 1)
        }
    }

    @Test func aSilentProviderLeavesThemOpen() async throws {
        try await ShopFixture.with { shop async throws in
            try await leave("some-key", in: shop)
            await shop.primary.stop()
            try await settlement(shop).settleAll()
            #expect(try await shop.number("SELECT count(*) AS n FROM orders WHERE state = 'pending'") == 1)
        }
    }
}
