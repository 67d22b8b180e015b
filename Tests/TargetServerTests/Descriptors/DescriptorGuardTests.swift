import OpsHTTP
import OpsModel
import OpsSystem
import OpsTestKit
import Testing

@testable import TargetServer

@Suite("An api instance without descriptors")
struct DescriptorGuardTests {
    @Test("It opens no file, serves what needs none, and goes on when there is room again")
    func shortage() async throws {
        try await ShopFixture.with { shop in
            let list = "/api/products?page=1&per_page=20"
            shop.opened.value = 60
            #expect(!shop.descriptors.look() && shop.descriptors.hasRoom && shop.descriptors.check.isHealthy)
            #expect(try await shop.get(list).status == 200)
            shop.opened.value = 243
            #expect(!shop.descriptors.hasRoom)  // before anybody has looked
            #expect(shop.descriptors.look() && shop.descriptors.isShort)
            #expect(throws: SystemError(errno: 24, doing: "open x")) { try shop.descriptors.admit("open x") }
            let refused = try await shop.get(list)
            #expect(refused.status == 500 && refused.document["code"] == "catalogue_unreadable")
            #expect(try await shop.get("/api/products/10").status == 200)
            #expect(try await shop.get("/healthz").status == 200)
            #expect(!shop.descriptors.check.isHealthy && shop.descriptors.check.message == "243 of 256 open")
            shop.opened.value = 235
            #expect(!shop.descriptors.look() && shop.descriptors.isShort && !shop.descriptors.hasRoom)
            shop.opened.value = 120
            #expect(shop.descriptors.look())
            #expect(try await shop.get(list).status == 200)
        }
    }

    @Test("Its own count is the kernel's")
    func count() throws {
        let names = try FileSystem.list("/proc/self/fd").count
        let counted = DescriptorGuard.openDescriptors()
        #expect(abs(counted - names) < 32, "\(counted), \(names)")  // other tests open and close meanwhile
        DescriptorGuard.makeHeadroom(above: 16)
        #expect(DescriptorGuard.openDescriptors() > 2)
    }
}
