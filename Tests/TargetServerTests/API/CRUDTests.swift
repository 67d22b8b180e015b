import OpsHTTP
import OpsModel
import OpsService
import Testing

@testable import TargetServer

@Suite struct CRUDTests {
    @Test func productsAreListedPageByPage() async throws {
        try await ShopFixture.with { shop async throws in
            let answer = try await shop.get("/api/products?page=2&per_page=5")
            #expect(answer.status == 200)
            #expect(answer.document.at("data")?.arrayValue?.count == 5)
            #expect(answer.document.at("data.0.id") == 6)
            #expect(answer.document.at("page.total") == 2_000)
            #expect(try await shop.get("/api/products?page=0").status == 422)
            #expect(try await shop.get("/api/products?per_page=101").status == 422)
            #expect(try await shop.get("/api/products?sort=colour").status == 422)
        }
    }

    @Test func searchFindsTextAsItStands() async throws {
        try await ShopFixture.with { shop async throws in
            #expect(try await shop.get("/api/products?q=Oslo").document.at("data.0.id") != nil)
            #expect(try await shop.get("/api/products?q=%25_%25").document.at("data")?.arrayValue?.isEmpty == true)
        }
    }

    @Test func theOldSortingFailsWithTheServersCode() async throws {
        try await ShopFixture.with { shop async throws in
            #expect(try await shop.get("/api/products?sort=value").status == 500)
            #expect(shop.process.metrics.render().contains(#"to="db",code="22012""#))
        }
    }

    @Test func aProductLivesAndDies() async throws {
        try await ShopFixture.with { shop async throws in
            let draft: JSONValue = ["name": "Spoon", "category": "kitchen", "price_cents": 350]
            let made = try await shop.send(.post, "/api/products", draft)
            #expect(made.status == 201)
            let id = try #require(made.document.at("data.id")?.intValue)
            #expect(try await shop.get("/api/stock/\(id)").document.at("data.available") == 0)
            let better: JSONValue = ["name": "Spoon", "category": "kitchen", "price_cents": 400]
            #expect(try await shop.send(.put, "/api/products/\(id)", better).document.at("data.price_cents") == 400)
            #expect(try await shop.send(.delete, "/api/products/\(id)", .null).status == 204)
            #expect(try await shop.get("/api/products/\(id)").status == 404)
        }
    }

    @Test(
        arguments: [
            ["name": "", "category": "kitchen", "price_cents": 1],
            ["name": "x", "category": "kitchen", "price_cents": 0],
            ["name": "x", "category": "kitchen", "price_cents": "free"],
            ["name": "x"],
        ] as [JSONValue]
    )
    func wrongProductsAreRefused(_ body: JSONValue) async throws {
        try await ShopFixture.with { shop async throws in
            #expect(try await shop.send(.post, "/api/products", body).status == 422)
        }
    }

    @Test func customersHaveOneAddressEach() async throws {
        try await ShopFixture.with { shop async throws in
            let body: JSONValue = ["name": "Ada", "email": "ada@example.com"]
            #expect(try await shop.send(.post, "/api/customers", body).status == 201)
            let again = try await shop.send(.post, "/api/customers", body)
            #expect(again.status == 409)
            #expect(again.document["code"] == "already_exists")
            let wrong: JSONValue = ["name": "Ada", "email": "ada"]
            #expect(try await shop.send(.post, "/api/customers", wrong).status == 422)
        }
    }

    @Test func onlyDraftsCanBeRemoved() async throws {
        try await ShopFixture.with { shop async throws in
            let draft = try await shop.send(.post, "/api/orders", ["customer_id": 1, "note": "ring twice"])
            let id = try #require(draft.document.at("data.id")?.stringValue)
            #expect(try await shop.send(.delete, "/api/orders/\(id)", .null).status == 204)
            let paid = try await shop.buy(ProviderFixture.plainKey(7))
            let order = try #require(paid.document.at("data.order_id")?.stringValue)
            #expect(try await shop.send(.delete, "/api/orders/\(order)", .null).status == 409)
            #expect(try await shop.get("/api/orders/\(order)").document.at("data.state") == "paid")
            #expect(try await shop.get("/api/orders/none").status == 404)
        }
    }

    @Test func stockCannotBeNegative() async throws {
        try await ShopFixture.with { shop async throws in
            #expect(try await shop.send(.put, "/api/stock/5", ["available": -1]).status == 422)
            #expect(try await shop.send(.put, "/api/stock/5", ["available": 3]).document.at("data.available") == 3)
        }
    }

    @Test func aLostDatabaseIs503AndCounted() async throws {
        try await ShopFixture.with(set(\.database.host, "/tmp/opslab-no-such-directory")) { shop async throws in
            let answer = try await shop.get("/api/customers/1")
            #expect(answer.status == 503)
            #expect(answer.headers["Retry-After"] != nil)
            #expect(shop.process.metrics.render().contains(#"shop_calls_total{from="api",to="db",code="refused"} 1"#))
        }
    }
}
