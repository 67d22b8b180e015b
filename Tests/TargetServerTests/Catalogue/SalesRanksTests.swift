import OpsModel
import Testing

@testable import TargetServer

@Suite struct SalesRanksTests {
    @Test func aListSaysWhatSellsBestWhileTheFlagIsOn() async throws {
        try await ShopFixture.with { shop async throws in
            #expect(try await shop.get("/api/products?page=1").document["best_seller"] == nil)
            try await shop.database.query("UPDATE feature_flags SET enabled = true WHERE name = 'sales-ranks'")
            await shop.flags.look()
            #expect(try await shop.get("/api/products?page=1").document["best_seller"] == nil, "it was made before")
            let list = try await shop.get("/api/products?page=2").document
            let best = try #require(list["best_seller"]?.intValue)
            #expect((21...40).contains(best))
            let again = try await shop.get("/api/products?page=2").document
            #expect(again["best_seller"] == .int(best), "it is kept")
            #expect(try await shop.get("/api/products?q=a").document["best_seller"] == nil, "it would be too dear")
        }
    }
}
