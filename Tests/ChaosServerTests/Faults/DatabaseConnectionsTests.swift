import ChaosClient
import Glibc
import OpsHTTP
import OpsModel
import OpsPostgres
import OpsSystem
import OpsTestKit
import Testing

@testable import ChaosServer

/// Against a server with few slots that no other test needs.
@Suite("Sessions that leave no slot to anybody else", .serialized)
struct DatabaseConnectionsTests {
    private static let slots = 21
    private static let cluster = PostgresFixture(settings: [
        "max_connections=\(slots + 3)", "superuser_reserved_connections=3", "max_wal_senders=0",
    ])

    private func request(leaseS: Double = 30) -> FaultRequest {
        FaultRequest(target: "db", roles: ["culprit": "report"], leaseS: leaseS)
    }

    /// A lab, its injected fault, and an administrator's session.
    private func with(
        leaseS: Double = 30,
        _ body: (ChaosLab, FaultRecord, PostgresConnection) async throws -> Void
    ) async throws {
        try await ChaosLab.with(cluster: Self.cluster) { lab in
            let witness = try await PostgresConnection.connect(lab.database)
            defer { witness.close() }
            let record = try await lab.client.inject("db-connections", self.request(leaseS: leaseS))
            try await body(lab, record, witness)
        }
    }

    private func shop(_ lab: ChaosLab) async throws(PostgresError) -> PostgresConnection {
        var shop = lab.database
        shop.user = "shop"
        return try await PostgresConnection.connect(shop)
    }

    private func flood(_ witness: PostgresConnection) async throws -> Int {
        try await witness.query(
            """
            SELECT count(*) AS n FROM pg_stat_activity
            WHERE usename = 'report' AND application_name LIKE 'shop-report-%' AND datname = current_database()
            """
        ).only().int("n")
    }

    @Test("The application loses its sessions and gets none, an administrator does; all is free again after DELETE")
    func filledAndReverted() async throws {
        try await ChaosLab.with(cluster: Self.cluster) { lab in
            let before = try await self.shop(lab)
            let record = try await lab.client.inject("db-connections", self.request())
            #expect(record.state == .verified)
            #expect(record.requested == Double(Self.slots))
            #expect(record.achieved == Double(Self.slots))
            await #expect(throws: PostgresError.self) { try await before.query("SELECT 1") }
            let refusal = await #expect(throws: PostgresError.self) { try await self.shop(lab) }
            #expect(refusal?.sqlState == "53300")
            let witness = try await PostgresConnection.connect(lab.database)
            defer { witness.close() }
            #expect(try await self.flood(witness) == Self.slots)
            let ended = try await lab.client.revert(record.id)
            #expect(ended.state == .reverted)
            #expect(ended.outcome == ["reverted": 1])
            #expect(try await self.flood(witness) == 0)
            try await self.shop(lab).close()
        }
    }

    @Test("Ending the sessions is a repair: nothing comes back, and the undo says superseded")
    func repaired() async throws {
        try await self.with { lab, record, witness in
            try await witness.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'report'")
            try await eventually("the holder has noticed") { try lab.hasLine("released", about: record.id) }
            #expect(try await self.flood(witness) == 0)
            #expect(try await lab.client.revert(record.id).state == .superseded)
        }
    }

    @Test("The server ends the sessions of a holder that is held still together with everybody who could undo")
    func leaseOfTheServer() async throws {
        try await self.with(leaseS: 3) { lab, record, witness in
            let holder = try #require(try FaultStore(state: lab.state).file(record.id)?.holder)
            let all = [try await lab.serverProcess.identity, try lab.guardIdentity, holder]
            let handles = try all.map { try #require(ProcessHandle($0)) }
            for handle in handles { handle.signal(SIGSTOP) }
            try await eventually("no session is left") { try await self.flood(witness) == 0 }
            for handle in handles { handle.signal(SIGCONT) }
        }
    }

    @Test("Nobody's process is left to undo, and the slots are free")
    func holderKilled() async throws {
        try await self.with { lab, record, witness in
            let store = FaultStore(state: lab.state)
            let holder = try #require(try store.file(record.id)?.holder)
            ProcessHandle(holder)?.signal(SIGKILL)
            try await eventually("the record is closed") { try store.file(record.id)?.machine.isOpen == false }
            #expect(try await self.flood(witness) == 0)
        }
    }

    @Test("With again what was ended is taken again, until the program is down whose sessions they look like")
    func again() async throws {
        try await ChaosLab.withPrograms(["report"], cluster: Self.cluster) { lab, link in
            let witness = try await PostgresConnection.connect(lab.database)
            defer { witness.close() }
            var request = self.request()
            request.with = ["again": true]
            let record = try await lab.client.inject("db-connections", request)
            let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'report'"
            let before = try await self.flood(witness)
            try await witness.query(end)
            try await eventually("they are back") { try await self.flood(witness) >= before - 1 }
            try link.stop("report")
            try await witness.query(end)
            try await eventually("the holder has noticed") { try lab.hasLine("released", about: record.id) }
            #expect(try await self.flood(witness) == 0)
            #expect(try await lab.client.revert(record.id).state == .superseded)
        }
    }

    @Test("Whoever is no job of the topology cannot take them again")
    func againByNobody() async throws {
        try await ChaosLab.with(cluster: Self.cluster) { lab in
            let request = FaultRequest(target: "db", roles: ["culprit": "operator"], with: ["again": true], leaseS: 30)
            let error = await #expect(throws: RemoteError.self) {
                try await lab.client.inject("db-connections", request)
            }
            #expect(error?.code == "bad_parameter")
        }
    }

    @Test("A role with a limit of its own could not fill the server, and is refused before anything is touched")
    func limitedRole() async throws {
        try await ChaosLab.with(cluster: Self.cluster) { lab in
            let witness = try await PostgresConnection.connect(lab.database)
            defer { witness.close() }
            try await witness.query("ALTER ROLE operator CONNECTION LIMIT 2")
            let request = FaultRequest(target: "db", roles: ["culprit": "operator"], leaseS: 30)
            let error = await #expect(throws: RemoteError.self) {
                try await lab.client.inject("db-connections", request)
            }
            #expect(error?.code == "bad_target")
            try await witness.query("ALTER ROLE operator CONNECTION LIMIT -1")
        }
    }
}
