import ChaosClient
import OpsModel
import OpsRuntime
import OpsSystem
import OpsTestKit
import Testing

@testable import ChaosServer

@Suite("Somebody keeps the resource and never lets go", .serialized)
struct KeptResourceTests {
    @Test("DELETE and the lease end the fault all the same, by comparing", arguments: [60.0, 2.0])
    func ends(_ leaseS: Double) async throws {
        try await ChaosLab.with { lab in
            let record = try await lab.client.inject("cache-corrupt", FaultRequest(target: "cache", leaseS: leaseS))
            let shared = SharedResources(claims: lab.directory.file("claims"), locks: lab.directory.file("locks"))
            let path = try shared.lockFile(.directory("cache"))
            let lock = try await FileLock.acquire(path, mode: 0o660, within: .seconds(2))
            if leaseS > 10 { _ = try await lab.client.revert(record.id) }
            try await eventually("the fault is over") { try await lab.client.fault(record.id).endedAt != nil }
            #expect(try await lab.client.fault(record.id).outcome == ["reverted": 6])
            #expect(try FileSystem.list(lab.cache).isEmpty)
            lock.release()
        }
    }
}
