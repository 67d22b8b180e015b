import ChaosClient
import Glibc
import OpsHTTP
import OpsModel
import OpsPostgres
import OpsSystem
import OpsTestKit
import Testing

@testable import ChaosServer

@Suite("A schema that is a step behind", .serialized)
struct SchemaDriftTests {
    private let request = FaultRequest(target: "db", leaseS: 30)
    private var unnoticed: FaultRequest {
        var request = self.request
        request.with = ["mode": "unnoticed"]
        return request
    }

    private func with(_ body: (ChaosLab, PostgresConnection) async throws -> Void) async throws {
        try await ChaosLab.with { lab in
            let witness = try await PostgresConnection.connect(lab.database)
            defer { witness.close() }
            try await witness.execute(
                script: """
                    CREATE TABLE orders (id text PRIMARY KEY, remark text NOT NULL DEFAULT '');
                    INSERT INTO orders VALUES ('a', 'ring twice');
                    CREATE TABLE schema_migrations (number integer PRIMARY KEY, name text NOT NULL,
                      checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT clock_timestamp(),
                      applied_by text NOT NULL DEFAULT session_user);
                    INSERT INTO schema_migrations VALUES (4, 'flags', 'c4'), (5, 'order remarks', 'c5');
                    """
            )
            try await body(lab, witness)
        }
    }

    /// Columns, rows and steps, all of which an undo has to give back exactly.
    private func world(_ witness: PostgresConnection) async throws -> [String] {
        try await witness.query(
            """
            SELECT attname::text AS fact FROM pg_attribute
            WHERE attrelid = 'orders'::regclass AND attnum > 0 AND NOT attisdropped
            UNION ALL SELECT row_to_json(o)::text FROM orders o
            UNION ALL SELECT row_to_json(m)::text FROM schema_migrations m ORDER BY 1
            """
        ).map { try $0.string("fact") }
    }

    /// The code with which a customer's statement is refused; nil when it is not.
    private func refusal(_ witness: PostgresConnection) async throws -> String? {
        do throws(PostgresError) {
            try await witness.query("SELECT remark FROM orders")
            return nil
        } catch {
            return error.sqlState
        }
    }

    private func steps(_ witness: PostgresConnection) async throws -> Int {
        try await witness.query("SELECT count(*)::int AS n FROM schema_migrations").only().int("n")
    }

    @Test("Behind or unnoticed, the column is gone, and all is as before after DELETE")
    func takenBackAndReverted() async throws {
        try await self.with { lab, witness in
            let before = try await self.world(witness)
            for (request, left) in [(self.request, 1), (self.unnoticed, 2)] {
                let record = try await lab.client.inject("schema-drift", request)
                #expect(record.state == .verified && record.achieved == 1)
                #expect(try await self.refusal(witness) == "42703")
                #expect(try await self.steps(witness) == left)
                #expect(try await lab.client.revert(record.id).outcome == ["reverted": 1])
                #expect(try await self.world(witness) == before)
            }
        }
    }

    @Test("The step applied anew stays, row and all")
    func repaired() async throws {
        try await self.with { lab, witness in
            let record = try await lab.client.inject("schema-drift", self.request)
            try await witness.execute(
                script: """
                    ALTER TABLE orders RENAME note TO remark;
                    INSERT INTO schema_migrations VALUES (5, 'order remarks', 'c5');
                    """
            )
            let made = try await self.world(witness)
            #expect(try await lab.client.revert(record.id).state == .superseded)
            #expect(try await self.world(witness) == made)
            let second = try await lab.client.inject("schema-drift", self.unnoticed)
            try await witness.query("ALTER TABLE orders RENAME note TO remark")
            #expect(try await lab.client.revert(second.id).outcome == ["already-clean": 1])
            #expect(try await self.world(witness) == made)
        }
    }

    @Test("What somebody made of it by half is left alone")
    func leftAlone() async throws {
        try await self.with { lab, witness in
            let record = try await lab.client.inject("schema-drift", self.request)
            try await witness.query("ALTER TABLE orders RENAME note TO remark")
            let made = try await self.world(witness)
            #expect(try await lab.client.revert(record.id).state == .superseded)
            #expect(try await self.world(witness) == made)
        }
    }

    @Test("A column that is not there, a step that was never applied and a table that is not declared are refused")
    func refused() async throws {
        try await self.with { lab, _ in
            for (with, code) in [
                (["column": "colour"], "bad_parameter"), (["step": "colours"], "bad_parameter"),
                (["table": "schema_migrations"], "out_of_scope"),
            ] as [([String: JSONValue], String)] {
                var request = self.request
                request.with = with
                let error = await #expect(throws: RemoteError.self) {
                    try await lab.client.inject("schema-drift", request)
                }
                #expect(error?.code == code)
            }
        }
    }

    @Test("An undo waits for a migration that is under way")
    func waits() async throws {
        try await self.with { lab, witness in
            let before = try await self.world(witness)
            let record = try await lab.client.inject("schema-drift", self.request)
            try await witness.query("SELECT pg_advisory_lock(hashtext('migrate public'))")
            async let ended = lab.client.revert(record.id)
            try await Task.sleep(for: .milliseconds(300))
            #expect(try await self.refusal(witness) == "42703")
            try await witness.query("SELECT pg_advisory_unlock(hashtext('migrate public'))")
            _ = try await ended
            try await eventually("it is as before") { try await self.world(witness) == before }
        }
    }

    @Test("Server and holder killed together: the guard takes it back")
    func killed() async throws {
        try await self.with { lab, witness in
            let before = try await self.world(witness)
            let record = try await lab.client.inject("schema-drift", self.request)
            let store = FaultStore(state: lab.state)
            let holder = try #require(try store.file(record.id)?.holder)
            try await lab.serverProcess.handle.signal(SIGKILL)
            ProcessHandle(holder)?.signal(SIGKILL)
            try await eventually("the record is closed") { try store.file(record.id)?.machine.isOpen == false }
            #expect(try await self.world(witness) == before)
        }
    }
}
