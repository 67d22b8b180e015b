import OpsHTTP
import OpsModel
import OpsPostgres
import OpsService
import OpsSystem
import OpsTestKit
import Testing

@testable import TargetServer

@Suite struct CatalogueCacheTests {
    private let target = "/api/products?page=1"

    private func entry(_ shop: ShopFixture) -> String { shop.directory.file("cache/products-20-1.entry") }

    @Test func aListFillsItsEntryAndIsServedFromIt() async throws {
        try await ShopFixture.with { shop async throws in
            let first = try await shop.get(target)
            #expect(FileSystem.exists(entry(shop)))
            try await shop.database.query("UPDATE products SET price_cents = 1 WHERE id = 1")
            #expect(try await shop.get(target).bytes == first.bytes)
            let metrics = shop.process.metrics.render()
            #expect(metrics.contains(#"shop_cache_lookups_total{result="hit"} 1"#))
            #expect(metrics.contains(#"shop_cache_lookups_total{result="miss"} 1"#))
        }
    }

    @Test func aDamagedEntryFailsUntilSomebodyReplacesIt() async throws {
        try await ShopFixture.with { shop async throws in
            _ = try await shop.get(target)
            var bytes = try FileSystem.read(entry(shop))
            bytes[bytes.count - 5] ^= 0x20
            try FileSystem.writeAtomically(bytes, to: entry(shop))
            for _ in 0..<3 { #expect(try await shop.get(target).status == 500) }
            #expect(try FileSystem.read(entry(shop)) == bytes, "not healed, not removed")
            #expect(shop.process.metrics.render().contains(#"shop_cache_lookups_total{result="bad"} 3"#))
        }
    }

    @Test func aReplacedDirectoryIsUsedAtOnce() async throws {
        try await ShopFixture.with { shop async throws in
            _ = try await shop.get(target)
            try FileSystem.writeAtomically("rubbish", to: entry(shop))
            #expect(try await shop.get(target).status == 500)
            try FileSystem.makeDirectory(shop.directory.file("fresh"))
            try FileSystem.exchange(shop.directory.file("fresh"), shop.directory.file("cache"))
            #expect(try await shop.get(target).status == 200)
        }
    }

    @Test func wrongContentUnderARightChecksumIsServed() async throws {
        try await ShopFixture.with { shop async throws in
            let content = Array(#"{"data":[{"price_cents":0}]}"#.utf8)
            try FileSystem.writeAtomically(CacheEntry(content: content, expires: .max).bytes, to: entry(shop))
            #expect(try await shop.get(target).bytes == content)
        }
    }

    @Test func aChangedProductEmptiesTheLists() async throws {
        try await ShopFixture.with { shop async throws in
            _ = try await shop.get(target)
            _ = try await shop.send(.put, "/api/products/1", ["name": "x", "category": "y", "price_cents": 7])
            #expect(try await shop.get(target).document.at("data.0.price_cents") == 7)
        }
    }

    private func price(_ shop: ShopFixture, _ product: Int, _ cents: Int) async throws {
        let change: JSONValue = ["name": "x", "category": "y", "price_cents": .int(cents)]
        #expect(try await shop.send(.put, "/api/products/\(product)", change).status == 200)
    }

    @Test func aChangeEmptiesOnlyTheListsThatShowIt() async throws {
        try await ShopFixture.with { shop async throws in
            let targets = [target, "/api/products?page=2", "/api/products?page=1&per_page=50"]
            for target in targets { _ = try await shop.get(target) }
            try await price(shop, 21, 7)
            let left = try FileSystem.list(shop.directory.file("cache"))
            #expect(left == ["products-20-1.entry"])
            #expect(shop.process.metrics.render().contains(#"shop_cache_changes_total{result="forgotten"} 2"#))
            let row = try await shop.database.query("SELECT length(description) AS n FROM products WHERE id = 21")
                .only()
            #expect(try row.int("n") > 0, "a description that is left out stays")
        }
    }

    @Test func whatWasPromisedIsKeptUntilItIsCleared() async throws {
        try await ShopFixture.with { shop async throws in
            let turn = "UPDATE feature_flags SET enabled = $1 WHERE name = 'immutable-lists'"
            try await shop.database.query(turn, [.bool(true)])
            let first = try await shop.get(target)
            try await price(shop, 1, 7)
            #expect(try await shop.get(target).bytes == first.bytes)
            #expect(shop.process.metrics.render().contains(#"shop_cache_changes_total{result="kept"} 1"#))
            try await shop.database.query(turn, [.bool(false)])
            try await price(shop, 1, 8)
            #expect(try await shop.get(target).bytes == first.bytes, "the promise outlives the flag")
            try FileSystem.remove(entry(shop))
            #expect(try await shop.get(target).document.at("data.0.price_cents") == 8)
            try await price(shop, 1, 9)
            #expect(try await shop.get(target).document.at("data.0.price_cents") == 9)
        }
    }

    @Test func aChangeDoesNotHealWhatIsDamagedOrUnsealed() async throws {
        try await ShopFixture.with { shop async throws in
            for text in ["rubbish", "shop-cache 1 expires=4000000000\n{\"data\":[]}"] {
                try FileSystem.writeAtomically(text, to: entry(shop))
                try await price(shop, 1, 7)
                #expect(try FileSystem.text(entry(shop)) == text)
            }
        }
    }

    @Test func expiredEntriesAreMisses() throws {
        let directory = try TemporaryDirectory()
        let cache = CatalogueCache(directory: directory.path, lifetime: 60, logger: .silent, metrics: MetricsRegistry())
        cache.store([1, 2], for: "k", at: 1_000)
        #expect(cache.look(up: "k", at: 1_059) == .hit([1, 2]))
        #expect(cache.look(up: "k", at: 1_060) == .miss)
    }
}
