import ChaosClient
import Glibc
import OpsHTTP
import OpsModel
import OpsPostgres
import OpsSystem
import OpsTestKit
import Testing

@testable import ChaosServer

@Suite("A password that the database no longer takes", .serialized)
struct CredentialTests {
    private let request = FaultRequest(target: "db", with: ["role": "shop"], leaseS: 30)

    private func verifier(_ connection: PostgresConnection) async throws -> String {
        try await connection.query("SELECT rolpassword FROM pg_authid WHERE rolname = 'shop'").only().string(
            "rolpassword"
        )
    }

    @Test("The old verifier comes back byte for byte, and open sessions were ended")
    func revertedExactly() async throws {
        try await ChaosLab.with { lab in
            let witness = try await PostgresConnection.connect(lab.database)
            defer { witness.close() }
            let before = try await self.verifier(witness)
            var shop = lab.database
            shop.user = "shop"
            let session = try await PostgresConnection.connect(shop)
            let record = try await lab.client.inject("db-credential", self.request)
            #expect(record.achieved == 0)
            await #expect(throws: PostgresError.self) { try await session.query("SELECT 1") }
            #expect(try await self.verifier(witness) != before)
            #expect(try await lab.client.revert(record.id).state == .reverted)
            #expect(try await self.verifier(witness) == before)
        }
    }

    @Test("A database that still lets the old password in is not called broken")
    func stillAccepted() async throws {
        // The test's database asks nobody for a password, so any is accepted.
        try await ChaosLab.with(passwords: ["shop": "first"]) { lab in
            let witness = try await PostgresConnection.connect(lab.database)
            defer { witness.close() }
            let before = try await self.verifier(witness)
            await self.expectNotApplied(lab)
            #expect(try await self.verifier(witness) == before)
        }
    }

    @Test("A session that does not end keeps the fault from being called applied")
    func sessionLeft() async throws {
        try await ChaosLab.with { lab in
            let witness = try await PostgresConnection.connect(lab.database)
            defer { witness.close() }
            let before = try await self.verifier(witness)
            var shop = lab.database
            shop.user = "shop"
            let session = try await PostgresConnection.connect(shop)
            defer { session.close() }
            let pid = try await session.query("SELECT pg_backend_pid() AS pid").only().int("pid")
            let backend = try #require(ProcessIdentity.of(pid: Int32(pid)).flatMap { ProcessHandle($0) })
            backend.signal(SIGSTOP)
            defer { backend.signal(SIGCONT) }
            await self.expectNotApplied(lab)
            #expect(try await self.verifier(witness) == before)
        }
    }

    private func expectNotApplied(_ lab: ChaosLab) async {
        let error = await #expect(throws: RemoteError.self) {
            try await lab.client.inject("db-credential", self.request)
        }
        #expect(error?.code == "not_applied")
    }

    @Test("A rotated password is never overwritten")
    func repaired() async throws {
        try await ChaosLab.with { lab in
            let witness = try await PostgresConnection.connect(lab.database)
            defer { witness.close() }
            let record = try await lab.client.inject("db-credential", self.request)
            try await witness.query("ALTER ROLE shop PASSWORD 'rotated'")
            let rotated = try await self.verifier(witness)
            let ended = try await lab.client.revert(record.id)
            #expect(ended.state == .superseded)
            #expect(try await self.verifier(witness) == rotated)
        }
    }
}
