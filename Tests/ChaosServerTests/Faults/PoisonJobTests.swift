import ChaosClient
import Glibc
import OpsHTTP
import OpsModel
import OpsPostgres
import OpsSystem
import OpsTestKit
import Testing

@testable import ChaosServer

@Suite("A job that ends its worker", .serialized)
struct PoisonJobTests {
    private let request = FaultRequest(target: "worker", leaseS: 30)

    private func with(_ body: (ChaosLab, PostgresConnection) async throws -> Void) async throws {
        try await ChaosLab.with { lab in
            let database = try await PostgresConnection.connect(lab.database)
            defer { database.close() }
            try await body(lab, database)
        }
    }

    private func kinds(in table: String, _ database: PostgresConnection) async throws -> [String] {
        try await database.query("SELECT kind FROM \(table) ORDER BY id").map { try $0.string("kind") }
    }

    @Test("It waits behind what was there before, and DELETE takes out that job alone")
    func addedAndReverted() async throws {
        try await self.with { lab, database in
            try await database.query("INSERT INTO jobs (kind, payload) VALUES ('fulfil', 'ord-1')")
            let record = try await lab.client.inject("poison-job", self.request)
            #expect(record.state == .verified && record.achieved == 1)
            #expect(record.marks.map(\.kind) == [.job])
            try await database.query("INSERT INTO jobs (kind, payload) VALUES ('fulfil', 'ord-2')")
            let kinds = try await self.kinds(in: "jobs", database)
            #expect(kinds.count == 3 && kinds.first == "fulfil" && kinds.last == "fulfil")
            #expect(try await lab.client.revert(record.id).outcome == ["reverted": 1])
            #expect(try await self.kinds(in: "jobs", database) == ["fulfil", "fulfil"])
        }
    }

    @Test("Taken and given up by a worker any number of times, it is still the same job")
    func tried() async throws {
        try await self.with { lab, database in
            let record = try await lab.client.inject("poison-job", self.request)
            try await database.query(
                "UPDATE jobs SET state = 'running', attempts = 7, worker = 'w', started_at = now()"
            )
            #expect(try await lab.client.revert(record.id).outcome == ["reverted": 1])
            #expect(try await self.kinds(in: "jobs", database) == [])
        }
    }

    @Test("What was put aside stays there, and what was deleted is clean")
    func repaired() async throws {
        try await self.with { lab, database in
            let first = try await lab.client.inject("poison-job", self.request)
            try await database.query(
                """
                WITH moved AS (DELETE FROM jobs RETURNING id, kind, payload, attempts, created_at)
                INSERT INTO jobs_quarantine (id, kind, payload, attempts, created_at, reason)
                SELECT *, 'test' FROM moved
                """
            )
            #expect(try await lab.client.revert(first.id).state == .superseded)
            #expect(try await self.kinds(in: "jobs_quarantine", database).count == 1)
            let second = try await lab.client.inject("poison-job", self.request)
            try await database.query("DELETE FROM jobs")
            #expect(try await lab.client.revert(second.id).outcome == ["already-clean": 1])
        }
    }

    @Test("A job with other content under its number is somebody else's")
    func replaced() async throws {
        try await self.with { lab, database in
            let record = try await lab.client.inject("poison-job", self.request)
            try await database.query("UPDATE jobs SET kind = 'fulfil'")
            #expect(try await lab.client.revert(record.id).state == .superseded)
            #expect(try await self.kinds(in: "jobs", database) == ["fulfil"])
        }
    }

    @Test("A queue without the columns is refused, and so is a component without a queue")
    func refused() async throws {
        try await self.with { lab, database in
            let other = await #expect(throws: RemoteError.self) {
                try await lab.client.inject("poison-job", FaultRequest(target: "api", leaseS: 30))
            }
            #expect(other?.code == "bad_target")
            try await database.query("ALTER TABLE jobs_quarantine DROP COLUMN reason")
            let error = await #expect(throws: RemoteError.self) {
                try await lab.client.inject("poison-job", self.request)
            }
            #expect(error?.code == "unsupported")
            #expect(try await self.kinds(in: "jobs", database) == [])
        }
    }

    @Test("Server and holder killed together: the guard takes it back")
    func killed() async throws {
        try await self.with { lab, database in
            let record = try await lab.client.inject("poison-job", self.request)
            let store = FaultStore(state: lab.state)
            let holder = try #require(try store.file(record.id)?.holder)
            try await lab.serverProcess.handle.signal(SIGKILL)
            ProcessHandle(holder)?.signal(SIGKILL)
            try await eventually("the record is closed") { try store.file(record.id)?.machine.isOpen == false }
            #expect(try await self.kinds(in: "jobs", database) == [])
        }
    }
}
