import OpsHTTP
import OpsModel
import OpsService
import OpsTestKit
import Testing

@testable import TargetServer

/// Somebody who gives the first product another price, at a real shop.
@Suite struct ShopkeeperTests {
    private func with(
        _ body: (ShopFixture, Shopkeeper, OfferBoard) async throws -> Void
    ) async throws {
        try await ShopFixture.with { shop async throws in
            try await shop.api.start()
            let offers = OfferBoard()
            let keeper = Shopkeeper(
                web: "http://127.0.0.1:\(shop.api.port)",
                http: HTTPClient(configuration: .init(retries: 0)),
                offers: offers,
                seed: 1
            )
            try await body(shop, keeper, offers)
            await shop.api.drain(within: .zero)
        }
    }

    @Test func eachPriceIsAnotherOneAndTheListHasItAtOnce() async throws {
        try await with { shop, keeper, offers async throws in
            var prices: Set<Int> = []
            for _ in 1...3 {
                _ = try await shop.get("/api/products?page=1")
                await keeper.change()
                let offer = try #require(offers.current)
                prices.insert(offer.priceCents)
                let list = try await shop.get("/api/products?page=1").document
                #expect(list.at("data.0.price_cents") == .int(offer.priceCents))
            }
            #expect(prices.count == 3)
        }
    }

    @Test func nobodyIsToldAPriceThatCouldNotBeChanged() async throws {
        try await with { shop, keeper, offers async throws in
            await keeper.change()
            #expect(offers.current != nil)
            try await shop.database.query("ALTER TABLE products RENAME TO away")
            await keeper.change()
            #expect(offers.current == nil)
        }
    }
}
