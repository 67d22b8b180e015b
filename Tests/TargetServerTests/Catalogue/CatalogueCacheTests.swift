import OpsHTTP
import OpsModel
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

    @Test func expiredEntriesAreMisses() throws {
        let directory = try TemporaryDirectory()
        let cache = CatalogueCache(directory: directory.path, lifetime: 60, logger: .silent, metrics: MetricsRegistry())
        cache.store([1, 2], for: "k", at: 1_000)
        #expect(cache.look(up: "k", at: 1_059) == .hit([1, 2]))
        #expect(cache.look(up: "k", at: 1_060) == .miss)
    }
}
