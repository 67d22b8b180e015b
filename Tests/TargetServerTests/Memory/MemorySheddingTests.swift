import OpsHTTP
import OpsModel
import OpsTestKit
import Testing

@testable import TargetServer

@Suite("An api instance without memory")
struct MemorySheddingTests {
    @Test("It says 503 to customers, answers about itself, and goes on when there is room again")
    func shedding() async throws {
        try await ShopFixture.with { shop in
            shop.resident.value = 40 << 20
            #expect(!shop.memory.look() && shop.memory.hasRoom && shop.memory.check.isHealthy)
            #expect(try await shop.get("/api/products/10").status == 200)
            shop.resident.value = 97 << 20
            #expect(!shop.memory.hasRoom)  // before anybody has looked
            #expect(shop.memory.look() && shop.memory.isShort)
            let refused = try await shop.get("/api/products/10")
            #expect(refused.status == 503 && refused.headers["Retry-After"] == "1")
            #expect(refused.document["code"] == "memory_short")
            #expect(try await shop.get("/healthz").status == 200)
            #expect(!shop.memory.check.isHealthy && shop.memory.check.message == "97 of 100 MiB")
            shop.resident.value = 92 << 20
            #expect(!shop.memory.look() && shop.memory.isShort && !shop.memory.hasRoom)
            shop.resident.value = 80 << 20
            #expect(shop.memory.look())
            #expect(try await shop.get("/api/products/10").status == 200)
        }
    }
}
