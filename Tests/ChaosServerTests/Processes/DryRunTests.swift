import ChaosClient
import OpsHTTP
import OpsModel
import OpsPostgres
import OpsSystem
import OpsTestKit
import Testing

@testable import ChaosServer

@Suite("What would be done", .serialized)
struct DryRunTests {
    /// The cache's files with what is in them, and everything that the injector keeps of faults.
    private func world(_ lab: ChaosLab) async throws -> [String: [UInt8]] {
        var world: [String: [UInt8]] = [:]
        for name in try FileSystem.list(lab.cache) { world[name] = try FileSystem.read("\(lab.cache)/\(name)") }
        for id in try FaultStore(state: lab.state).ids() { world["fault \(id)"] = [] }
        for name in try FileSystem.list(lab.directory.file("locks")) { world["lock \(name)"] = [] }
        let connection = try await PostgresConnection.connect(lab.database)
        defer { connection.close() }
        let sessions = try await connection.query(
            "SELECT count(*) AS sessions FROM pg_stat_activity WHERE datname = current_database()"
        )
        world["sessions"] = Array("\(try sessions.first?.int("sessions") ?? 0)".utf8)
        return world
    }

    @Test("A dry run says what the fault then does, and touches nothing")
    func untouched() async throws {
        try await ChaosLab.with { lab in
            let request = FaultRequest(target: "cache", with: ["share": 0.5], leaseS: 30)
            let before = try await self.world(lab)
            let preview = try await lab.client.preview("cache-corrupt", request)
            #expect(try await self.world(lab) == before)
            #expect(preview.effects == 3 && preview.changes.count == 3 && preview.leaseS == 30)
            #expect(preview.resource == "directory.cache" && preview.unit == "share of entries")
            let real = try await lab.client.inject("cache-corrupt", request)
            #expect(Set(real.marks) == Set(preview.changes.map(\.mark)))
            #expect(real.requested == preview.requested)
            #expect(try await lab.client.revert(real.id).state == .reverted)
            let lock = FaultRequest(target: "db", leaseS: 30)
            let quiet = try await self.world(lab)
            #expect(try await lab.client.preview("db-lock", lock).changes.map(\.mark.kind) == [.session])
            try await eventually("the look is over") { try await self.world(lab) == quiet }
        }
    }

    @Test("Whatever is refused is refused alike, dry or not")
    func refusals() async throws {
        try await ChaosLab.with(atMost: 2, caps: "caps: {cache-corrupt: {share: 0.5}}") { lab in
            let cases: [(String, FaultRequest, Int)] = [
                ("cache-corrupt", FaultRequest(target: "nowhere", leaseS: 5), 422),
                ("cache-corrupt", FaultRequest(target: "db", leaseS: 5), 422),
                ("cache-corrupt", FaultRequest(target: "cache", leaseS: 0.2), 422),
                ("cache-corrupt", FaultRequest(target: "cache", with: ["share": 7], leaseS: 5), 422),
                ("cache-corrupt", FaultRequest(target: "cache", with: ["share": 0.6], leaseS: 5), 403),
                ("cache-corrupt", FaultRequest(target: "cache", leaseS: 5), 403),
                ("db-lock", FaultRequest(target: "db", with: ["table": "pg_authid"], leaseS: 5), 422),
                ("api-crash", FaultRequest(target: "api", leaseS: 5), 422),
                ("upstream-down", FaultRequest(target: "payments", leaseS: 5), 503),
                ("cache-corrupt", FaultRequest(id: "../../etc", target: "cache", leaseS: 5), 422),
            ]
            for (fault, request, status) in cases { try await self.expectAlike(lab, fault, request, status) }
            let half = FaultRequest(target: "cache", with: ["share": 0.5], leaseS: 60)
            let first = try await lab.client.inject("cache-corrupt", half)
            try await self.expectAlike(lab, "cache-corrupt", half, 409)
            let second = try await lab.client.inject("db-lock", FaultRequest(target: "db", leaseS: 60))
            try await self.expectAlike(lab, "db-credential", FaultRequest(target: "db", leaseS: 5), 429)
            for id in [first.id, second.id] { _ = try await lab.client.revert(id) }
            let kill = try await lab.client.kill(reason: "a test of refusals")
            try await self.expectAlike(lab, "cache-corrupt", half, 409)
            _ = try await lab.client.resume(killID: try #require(kill.killID), reason: "over")
            for number in 1...6 { try lab.writeEntry(number, price: 100 * number) }
            #expect(try await lab.client.preview("cache-corrupt", half).effects == 3)
        }
    }

    private func expectAlike(_ lab: ChaosLab, _ fault: String, _ request: FaultRequest, _ status: Int) async throws {
        let real = await #expect(throws: RemoteError.self) { try await lab.client.inject(fault, request) }
        let dry = await #expect(throws: RemoteError.self) { try await lab.client.preview(fault, request) }
        #expect(real?.status == status, "\(fault) \(request): \(String(describing: real))")
        #expect(dry?.status == real?.status && dry?.code == real?.code, "\(String(describing: dry))")
        #expect(dry?.message == real?.message)
    }

    @Test("A dry run under an id that a fault has tells of that fault, and takes no id itself")
    func ids() async throws {
        try await ChaosLab.with { lab in
            var request = FaultRequest(id: "rehearsed1", target: "cache", leaseS: 30)
            #expect(try await lab.client.preview("cache-corrupt", request).effects == 6)
            let record = try await lab.client.inject("cache-corrupt", request)
            #expect(record.id == "rehearsed1" && record.state == .verified)
            #expect(try await lab.client.preview("cache-corrupt", request).effects == 6)
            request.leaseS = 31
            try await self.expectAlike(lab, "cache-corrupt", request, 409)
        }
    }
}
