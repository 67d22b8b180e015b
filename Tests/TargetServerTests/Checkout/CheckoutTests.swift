import OpsHTTP
import OpsModel
import OpsPostgres
import OpsService
import Testing

@testable import TargetServer

@Suite struct CheckoutTests {
    private let key = ProviderFixture.plainKey(1)

    @Test func aPaidOrderIsChargedReservedAndQueued() async throws {
        try await ShopFixture.with { shop async throws in
            let answer = try await shop.buy(key, product: 10, quantity: 2)
            #expect(answer.status == 201)
            let amount = try #require(answer.document.at("data.amount_cents")?.intValue)
            #expect(shop.primary.book.find(key)?.amountCents == amount)
            #expect(try await shop.number("SELECT available AS n FROM stock WHERE product_id = 10") == 999_998)
            #expect(try await shop.number("SELECT count(*) AS n FROM jobs") == 1)
            #expect(try await shop.number("SELECT count(*) AS n FROM orders WHERE state = 'paid'") == 1)
        }
    }

    @Test func theReceiptSaysWhatTheProviderSaysItCharged() async throws {
        try await ShopFixture.with { shop async throws in
            let right = try await shop.buy(ProviderFixture.plainKey(20))
            #expect(right.document.at("data.charged_cents") == right.document.at("data.amount_cents"))
            shop.primary.wrongShare.value = 100
            let wrong = try await shop.buy(key)
            let amount = try #require(wrong.document.at("data.amount_cents")?.intValue)
            #expect(wrong.status == 201 && wrong.document.at("data.charged_cents")?.intValue == amount + amount / 10)
            #expect(
                try await shop.number("SELECT amount_cents AS n FROM orders WHERE idempotency_key = '\(key)'") == amount
            )
            // To a later try the provider says nothing, and the shop does not guess.
            let again = try await shop.buy(key)
            #expect(again.status == 201 && again.document.at("data.charged_cents") == nil)
        }
    }

    @Test func aSecondTrySaysNothingAboutTheFirst() {
        let unknown = PaymentGateway.Outcome.unknown(code: "reset")
        let not = PaymentGateway.Outcome.notCharged(code: "refused")
        let charged = PaymentGateway.Outcome.charged(id: "c", amountCents: 1)
        #expect(PaymentGateway.both(unknown, not) == unknown)
        #expect(PaymentGateway.both(unknown, charged) == charged)
        #expect(PaymentGateway.both(not, unknown) == unknown)
        #expect(PaymentGateway.both(not, not) == not)
    }

    @Test func theSameKeyBuysOnce() async throws {
        try await ShopFixture.with { shop async throws in
            let first = try await shop.buy(key)
            let second = try await shop.buy(key)
            #expect(first.document.at("data.order_id") == second.document.at("data.order_id"))
            #expect(second.status == 201)
            #expect(shop.primary.book.after(0, limit: 10).count == 1)
            #expect(try await shop.number("SELECT sold AS n FROM stock WHERE product_id = 10") == 1)
        }
    }

    @Test func manyAtOnceWithOneKeyBuyOnce() async throws {
        try await ShopFixture.with { shop async throws in
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<8 { group.addTask { try await shop.buy(key).status } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.contains(201))
            #expect(shop.primary.book.after(0, limit: 10).count == 1)
            #expect(try await shop.number("SELECT count(*) AS n FROM jobs") == 1)
            #expect(try await shop.number("SELECT sold AS n FROM stock WHERE product_id = 10") == 1)
        }
    }

    @Test func aDeclinedCardGivesTheGoodsBack() async throws {
        try await ShopFixture.with { shop async throws in
            let answer = try await shop.buy(key, card: ProviderFixture.declinedCard)
            #expect(answer.status == 402)
            #expect(answer.document["code"] == "card_declined")
            #expect(try await shop.number("SELECT available AS n FROM stock WHERE product_id = 10") == 1_000_000)
            #expect(try await shop.buy(key, card: ProviderFixture.declinedCard).status == 402)
        }
    }

    @Test func withoutAProviderNothingIsReservedAndNobodyElseIsAsked() async throws {
        try await ShopFixture.with { shop async throws in
            await shop.primary.stop()
            for number in 0..<12 {
                let answer = try await shop.buy(ProviderFixture.plainKey(100 + number))
                #expect(answer.status == 502)
                #expect(answer.document["code"] == "payment_failed")
            }
            #expect(shop.fallback.book.after(0, limit: 10).isEmpty)
            #expect(try await shop.number("SELECT available AS n FROM stock WHERE product_id = 10") == 1_000_000)
            let metrics = shop.process.metrics.render()
            #expect(metrics.contains(#"shop_calls_total{from="api",to="payments",code="refused"}"#))
            #expect(metrics.contains(#"shop_calls_total{from="api",to="payments",code="breaker-open"}"#))
            #expect(metrics.contains(#"shop_breaker_state{state="open"} 1"#))
        }
    }

    @Test func aRetryBudgetBoundsTheAttempts() async throws {
        try await ShopFixture.with(set(\.retryBudget, 0)) { shop async throws in
            await shop.primary.stop()
            for number in 0..<5 { _ = try await shop.buy(ProviderFixture.plainKey(number)) }
            let metrics = shop.process.metrics.render()
            #expect(metrics.contains(#"shop_call_attempts_total{from="api",to="payments"} 5"#))
        }
    }

    @Test func anOpenPaymentIsNotMadeAgainElsewhere() async throws {
        try await ShopFixture.with(set(\.payments.active, .fallback)) { shop async throws in
            // As an earlier start with the primary provider left it: charged there, the answer lost.
            let record = try shop.primary.book.record(Charge(key: key, amountCents: 700, card: "card-1"), .charged)
            try await shop.database.query(
                """
                INSERT INTO orders (id, idempotency_key, customer_id, state, amount_cents, provider)
                VALUES ('ord-open', $1, 1, 'pending', 700, 'primary')
                """,
                [.text(key)]
            )
            let answer = try await shop.buy(key)
            #expect(answer.status == 201)
            #expect(answer.document.at("data.charge_id")?.stringValue == record.0.id)
            #expect(answer.document.at("data.charged_cents") == 700)
            #expect(shop.fallback.book.after(0, limit: 10).isEmpty)
        }
    }

    @Test func aSilentOldProviderKeepsThePaymentOpen() async throws {
        try await ShopFixture.with(set(\.payments.active, .fallback)) { shop async throws in
            await shop.primary.stop()
            try await shop.database.query(
                """
                INSERT INTO orders (id, idempotency_key, customer_id, state, amount_cents, provider)
                VALUES ('ord-open', $1, 1, 'pending', 700, 'primary')
                """,
                [.text(key)]
            )
            #expect(try await shop.buy(key).document["code"] == "payment_unknown")
            #expect(shop.fallback.book.after(0, limit: 10).isEmpty)
            #expect(try await shop.number("SELECT count(*) AS n FROM orders WHERE state = 'pending'") == 1)
        }
    }

    @Test func wrongBasketsAreRefusedWithEveryReason() async throws {
        try await ShopFixture.with { shop async throws in
            let body: JSONValue = [
                "customer_id": 1, "card": "x", "items": [["product_id": 1, "quantity": 0]],
            ]
            let answer = try await shop.send(.post, "/api/checkout", body, key: key)
            #expect(answer.status == 422)
            #expect(answer.document.at("details.problems")?.arrayValue?.count == 2)
            #expect(try await shop.send(.post, "/api/checkout", body).document["code"] == "idempotency_key_missing")
            #expect(try await shop.buy(key, product: 99_999).document["code"] == "unknown_reference")
        }
    }

    @Test func nothingIsSoldThatIsNotThere() async throws {
        try await ShopFixture.with { shop async throws in
            try await shop.database.query("UPDATE stock SET available = 1 WHERE product_id = 10")
            let answer = try await shop.buy(key, product: 10, quantity: 2)
            #expect(answer.status == 409)
            #expect(answer.document["code"] == "out_of_stock")
            #expect(shop.primary.book.find(key) == nil)
        }
    }
}
