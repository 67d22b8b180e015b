import ChaosClient
import Glibc
import OpsHTTP
import OpsModel
import OpsPostgres
import OpsSystem
import OpsTestKit
import Testing

@testable import ChaosServer

@Suite("A setting of the database that makes it refuse writers", .serialized)
struct DatabaseConfigurationTests {
    private let request = FaultRequest(target: "db", leaseS: 30)

    /// An administrator's session that the fault cannot make read only.
    private func witness(_ lab: ChaosLab) async throws -> PostgresConnection {
        var administrator = lab.database
        administrator.options = ["default_transaction_read_only": "off", "idle_in_transaction_session_timeout": "0"]
        return try await PostgresConnection.connect(administrator)
    }

    private func shop(_ lab: ChaosLab) async throws -> PostgresConnection {
        var shop = lab.database
        shop.user = "shop"
        return try await PostgresConnection.connect(shop)
    }

    private func settings(_ witness: PostgresConnection) async throws -> [String] {
        try await witness.query(
            """
            SELECT unnest(setconfig) AS entry FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase
            WHERE d.datname = current_database() AND setrole = 0
            """
        ).map { try $0.string("entry") }
    }

    /// The code with which the shop's writing is refused; nil when it is not.
    private func refusal(_ lab: ChaosLab) async throws -> String? {
        let session = try await self.shop(lab)
        defer { session.close() }
        do {
            try await session.query("UPDATE stock SET available = available WHERE product_id = 1")
            return nil
        } catch {
            return error.sqlState
        }
    }

    @Test("Writers are refused, old sessions are gone, and both are as before after DELETE")
    func setAndReverted() async throws {
        try await ChaosLab.with { lab in
            let before = try await self.shop(lab)
            let record = try await lab.client.inject("db-config", self.request)
            #expect(record.state == .verified)
            #expect(record.achieved == 1)
            await #expect(throws: PostgresError.self) { try await before.query("SELECT 1") }
            #expect(try await self.refusal(lab) == "25006")
            let during = try await self.shop(lab)
            let ended = try await lab.client.revert(record.id)
            #expect(ended.outcome == ["reverted": 1])
            await #expect(throws: PostgresError.self) { try await during.query("SELECT 1") }
            #expect(try await self.refusal(lab) == nil)
            let witness = try await self.witness(lab)
            defer { witness.close() }
            #expect(try await self.settings(witness) == [])
        }
    }

    @Test("The value that was there before comes back, and what somebody else set stays")
    func compared() async throws {
        try await ChaosLab.with { lab in
            let witness = try await self.witness(lab)
            defer { witness.close() }
            let alter = "ALTER DATABASE \"\(lab.database.database)\" SET default_transaction_read_only ="
            try await witness.query("\(alter) 'off'")
            let first = try await lab.client.inject("db-config", self.request)
            #expect(try await self.settings(witness) == ["default_transaction_read_only=on"])
            #expect(try await lab.client.revert(first.id).state == .reverted)
            #expect(try await self.settings(witness) == ["default_transaction_read_only=off"])
            let second = try await lab.client.inject("db-config", self.request)
            try await witness.query("\(alter) 'false'")
            let session = try await self.shop(lab)
            #expect(try await lab.client.revert(second.id).state == .superseded)
            #expect(try await self.settings(witness) == ["default_transaction_read_only=false"])
            try await session.query("SELECT 1")
            session.close()
        }
    }

    @Test("Taken back by hand it is clean, and asked for again while it holds it is a conflict")
    func cleanAndConflict() async throws {
        try await ChaosLab.with { lab in
            let witness = try await self.witness(lab)
            defer { witness.close() }
            try await witness.query(
                "ALTER DATABASE \"\(lab.database.database)\" SET default_transaction_read_only = on"
            )
            let error = await #expect(throws: RemoteError.self) {
                try await lab.client.inject("db-config", self.request)
            }
            #expect(error?.code == "conflict")
            try await witness.query("ALTER DATABASE \"\(lab.database.database)\" RESET default_transaction_read_only")
            let record = try await lab.client.inject("db-config", self.request)
            try await witness.query("ALTER DATABASE \"\(lab.database.database)\" RESET default_transaction_read_only")
            #expect(try await lab.client.revert(record.id).outcome == ["already-clean": 1])
        }
    }

    @Test("Server and holder killed together: the guard takes it back")
    func killed() async throws {
        try await ChaosLab.with { lab in
            let record = try await lab.client.inject("db-config", self.request)
            let store = FaultStore(state: lab.state)
            let holder = try #require(try store.file(record.id)?.holder)
            try await lab.serverProcess.handle.signal(SIGKILL)
            ProcessHandle(holder)?.signal(SIGKILL)
            try await eventually("the record is closed") { try store.file(record.id)?.machine.isOpen == false }
            #expect(try await self.refusal(lab) == nil)
        }
    }
}
