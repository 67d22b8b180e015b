import OpsPostgres
import OpsTestKit
import Testing

@Suite struct PostgresPoolTests {
    func pool(limit: Int, acquireTimeout: Duration = .seconds(3)) async throws -> PostgresPool {
        PostgresPool(
            try await PostgresFixture.shared.superuser(),
            limit: limit,
            acquireTimeout: acquireTimeout
        )
    }

    @Test func manyCallersShareFewConnections() async throws {
        let pool = try await pool(limit: 3)
        let pids = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<60 {
                group.addTask {
                    try await pool.query("SELECT pg_backend_pid() AS pid, pg_sleep(0.002)").only().int("pid")
                }
            }
            return try await group.reduce(into: Set<Int>()) { $0.insert($1) }
        }
        #expect(pids.count <= 3)
        #expect(pool.statistics.inUse == 0 && pool.statistics.idle == pids.count && pool.statistics.waiting == 0)
        pool.close()
    }

    @Test func aCallerThatWaitsTooLongIsTold() async throws {
        let pool = try await pool(limit: 1, acquireTimeout: .milliseconds(100))
        try await pool.withConnection { _ in
            do {
                _ = try await pool.query("SELECT 1")
                Issue.record("there is no second connection")
            } catch let error as PostgresError { #expect(error.code == .poolExhausted) }
        }
        #expect(try await pool.query("SELECT 1").count == 1)
        #expect(pool.statistics.waiting == 0)
    }

    @Test func aCancelledWaiterLeavesTheQueue() async throws {
        let pool = try await pool(limit: 1)
        try await pool.withConnection { _ in
            let waiter = Task { try await pool.query("SELECT 1") }
            waiter.cancel()
            await #expect(throws: PostgresError.self) { try await waiter.value }
        }
        #expect(pool.statistics.waiting == 0)
        #expect(try await pool.query("SELECT 1").count == 1)
    }

    @Test func aBrokenConnectionIsReplaced() async throws {
        let pool = try await pool(limit: 1)
        let first = try await pool.query("SELECT pg_backend_pid() AS pid").only().int("pid")
        let killer = try await PostgresConnection.connect(try await PostgresFixture.shared.superuser())
        try await killer.query("SELECT pg_terminate_backend($1)", [.int(first)])
        var second: Int?
        for _ in 0..<50 where second == nil {
            second = try? await pool.query("SELECT pg_backend_pid() AS pid").only().int("pid")
        }
        #expect(second != nil && second != first)
    }

    @Test func aTransactionCommitsOrLeavesNothing() async throws {
        let pool = PostgresPool(try await PostgresFixture.shared.database(), limit: 2)
        try await pool.query("CREATE TABLE ledger (n int)")
        try await pool.transaction { try await $0.query("INSERT INTO ledger VALUES (1)") }
        struct Doubt: Error {}
        await #expect(throws: Doubt.self) {
            try await pool.transaction { connection in
                try await connection.query("INSERT INTO ledger VALUES (2)")
                throw Doubt()
            }
        }
        await #expect(throws: PostgresError.self) {
            try await pool.transaction { connection in
                try await connection.query("INSERT INTO ledger VALUES (3)")
                _ = try? await connection.query("SELECT 1 / 0")
            }
        }
        #expect(try await pool.query("SELECT n FROM ledger").map { try $0.int("n") } == [1])
        #expect(pool.statistics.inUse == 0)
        pool.close()
    }

    @Test func aConnectionLeftInsideATransactionIsNotLentAgain() async throws {
        let pool = try await pool(limit: 1)
        let first = try await pool.withConnection { connection in
            try await connection.query("BEGIN")
            return connection.backendPID
        }
        #expect(try await pool.query("SELECT pg_backend_pid() AS pid").only().int("pid") != Int(first))
    }

    @Test func recycleReplacesEveryConnection() async throws {
        let pool = try await pool(limit: 2)
        try await pool.withConnection { _ in try await pool.query("SELECT 1") }
        #expect(pool.statistics.idle == 2)
        let before = try await pool.query("SELECT pg_backend_pid() AS pid").only().int("pid")
        pool.recycle()
        #expect(pool.statistics.idle == 0)
        #expect(try await pool.query("SELECT pg_backend_pid() AS pid").only().int("pid") != before)
    }

    @Test func aClosedPoolAnswersAtOnce() async throws {
        let pool = try await pool(limit: 1)
        try await pool.query("SELECT 1")
        pool.close()
        do {
            try await pool.query("SELECT 1")
            Issue.record("the pool is closed")
        } catch { #expect(error.code == .closed) }
    }
}
