import ChaosClient
import Glibc
import OpsHTTP
import OpsModel
import OpsPostgres
import OpsSystem
import OpsTestKit
import Testing

@testable import ChaosServer

@Suite("An index that is gone", .serialized)
struct MissingIndexTests {
    private let request = FaultRequest(target: "db", leaseS: 30)

    private func with(_ body: (ChaosLab, PostgresConnection) async throws -> Void) async throws {
        try await ChaosLab.with { lab in
            let witness = try await PostgresConnection.connect(lab.database)
            defer { witness.close() }
            try await witness.execute(
                script: """
                    CREATE TABLE sales_history (product_id integer, day integer, units integer);
                    INSERT INTO sales_history SELECT n, n % 60, n % 40 FROM generate_series(1, 500) AS n;
                    CREATE INDEX sales_history_day ON sales_history (day, product_id) WHERE units > 3;
                    CREATE UNIQUE INDEX sales_history_once ON sales_history (product_id);
                    """
            )
            try await body(lab, witness)
        }
    }

    private func definition(
        _ witness: PostgresConnection,
        _ index: String = "sales_history_day"
    ) async throws -> String? {
        try await witness.query("SELECT indexdef FROM pg_indexes WHERE indexname = $1", [.text(index)]).first?[
            "indexdef"
        ]
    }

    @Test("It is gone, and as it was after DELETE, conditions and all")
    func droppedAndMadeAgain() async throws {
        try await self.with { lab, witness in
            let before = try #require(try await self.definition(witness))
            let record = try await lab.client.inject("db-index", self.request)
            #expect(record.state == .verified && record.achieved == 1)
            let gone = try await self.definition(witness)
            #expect(gone == nil)
            #expect(try await lab.client.revert(record.id).outcome == ["reverted": 1])
            #expect(try await self.definition(witness) == before)
        }
    }

    @Test("Somebody's own index stays: the same one as a repair, another one as another's work")
    func repaired() async throws {
        try await self.with { lab, witness in
            let before = try #require(try await self.definition(witness))
            let first = try await lab.client.inject("db-index", self.request)
            try await witness.query(before)
            #expect(try await lab.client.revert(first.id).outcome == ["already-clean": 1])
            #expect(try await self.definition(witness) == before)
            let second = try await lab.client.inject("db-index", self.request)
            try await witness.query("CREATE UNIQUE INDEX sales_history_day ON sales_history (product_id, day)")
            let made = try await self.definition(witness)
            #expect(try await lab.client.revert(second.id).state == .superseded)
            #expect(try await self.definition(witness) == made)
        }
    }

    @Test("An index that keeps a rule, a table, and a name that nothing has, are refused")
    func refused() async throws {
        try await self.with { lab, witness in
            for name in [
                "sales_history_once", "sales_history", "colours", "sales_history_day; DROP TABLE sales_history",
            ] {
                var request = self.request
                request.with = ["index": .string(name)]
                let error = await #expect(throws: RemoteError.self) {
                    try await lab.client.inject("db-index", request)
                }
                #expect(error?.code == "bad_parameter")
            }
            let left = try await self.definition(witness, "sales_history_once")
            #expect(left != nil)
        }
    }

    @Test("An undo waits for a migration that is under way")
    func waits() async throws {
        try await self.with { lab, witness in
            let before = try await self.definition(witness)
            let record = try await lab.client.inject("db-index", self.request)
            try await witness.query("SELECT pg_advisory_lock(hashtext('migrate public'))")
            async let ended = lab.client.revert(record.id)
            try await eventually("the undo waits for the lock") {
                try await witness.query("SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted").isEmpty
                    == false
            }
            let meanwhile = try await self.definition(witness)
            #expect(meanwhile == nil)
            try await witness.query("SELECT pg_advisory_unlock(hashtext('migrate public'))")
            _ = try await ended
            try await eventually("it is as before") { try await self.definition(witness) == before }
        }
    }

    @Test("Server and holder killed together: the guard makes it again")
    func killed() async throws {
        try await self.with { lab, witness in
            let before = try await self.definition(witness)
            let record = try await lab.client.inject("db-index", self.request)
            let store = FaultStore(state: lab.state)
            let holder = try #require(try store.file(record.id)?.holder)
            try await lab.serverProcess.handle.signal(SIGKILL)
            ProcessHandle(holder)?.signal(SIGKILL)
            try await eventually("the record is closed") { try store.file(record.id)?.machine.isOpen == false }
            #expect(try await self.definition(witness) == before)
        }
    }
}
