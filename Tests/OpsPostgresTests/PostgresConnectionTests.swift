import Glibc
import OpsModel
import OpsPostgres
import OpsTestKit
import Testing

@Suite struct PostgresConnectionTests {
    func connect(_ change: (inout PostgresConfiguration) -> Void = { _ in }) async throws -> PostgresConnection {
        var configuration = try await PostgresFixture.shared.superuser()
        change(&configuration)
        return try await PostgresConnection.connect(configuration)
    }

    func code(_ body: () async throws -> Void) async -> PostgresError.Code? {
        do {
            try await body()
            return nil
        } catch { return (error as? PostgresError)?.code }
    }

    @Test func valuesOfEveryKindComeBack() async throws {
        let connection = try await connect()
        let moment = Timestamp(microseconds: 1_795_230_245_123_456)
        let rows = try await connection.query(
            """
            SELECT $1::text AS text, $2::int AS int, $3::float8 AS double, $4::bool AS flag, $5::bytea AS bytes,
                $6::jsonb AS document, $7::text[] AS list, $8::timestamptz AS moment, $9::text AS nothing
            """,
            [
                "zwölf \t\n\\ '\"", 12, 0.1, true, .bytes([0, 255, 10]), .json(["a": [1, nil, "x"]]),
                .textArray(["a,b", "\"q\"", "", "NULL", "\\"]), .timestamp(moment), nil,
            ]
        )
        let row = try rows.only()
        #expect(try row.string("text") == "zwölf \t\n\\ '\"")
        #expect(try row.int("int") == 12)
        #expect(try row.double("double") == 0.1)
        #expect(try row.bool("flag"))
        #expect(try row.bytes("bytes") == [0, 255, 10])
        #expect(try row.json("document") == ["a": [1, nil, "x"]])
        #expect(try row.strings("list") == ["a,b", "\"q\"", "", "NULL", "\\"])
        #expect(try row.timestamp("moment") == moment)
        #expect(row["nothing"] == nil)
        #expect(throws: PostgresError.self) { try row.string("nothing") }
        #expect(throws: PostgresError.self) { try row.int("text") }
        #expect(throws: PostgresError.self) { try row.int("absent") }
    }

    @Test func anErrorCarriesItsSQLStateAndLeavesTheConnectionUsable() async throws {
        let connection = try await connect()
        do {
            try await connection.query("SELECT * FROM no_such_table")
            Issue.record("the statement should fail")
        } catch {
            #expect(error.sqlState == "42P01" && error.code == .statementFailed && !error.isConnectionFailure)
        }
        #expect(try await connection.query("SELECT 1 AS one").only().int("one") == 1)
    }

    @Test func aMissedDeadlineClosesTheConnectionInTime() async throws {
        let connection = try await connect()
        let start = ContinuousClock.now
        let found = await code { try await connection.query("SELECT pg_sleep(4)", within: .milliseconds(150)) }
        #expect(found == .timeout)
        #expect(start.duration(to: .now) < .seconds(3))
        #expect(connection.isClosed)
        #expect(await code { try await connection.query("SELECT 1") } == .timeout)
    }

    @Test func aCancelledTaskDoesNotWaitForItsStatement() async throws {
        let connection = try await connect()
        let task = Task { try await connection.query("SELECT pg_sleep(4)") }
        task.cancel()
        let start = ContinuousClock.now
        #expect(await code { _ = try await task.value } == .cancelled)
        #expect(start.duration(to: .now) < .seconds(3))
    }

    @Test func theServersOwnLimitEndsAStatementAndKeepsTheConnection() async throws {
        let connection = try await connect { $0.statementTimeout = .milliseconds(100) }
        do {
            try await connection.query("SELECT pg_sleep(4)")
            Issue.record("the statement should fail")
        } catch { #expect(error.sqlState == "57014") }
        #expect(!connection.isClosed)
    }

    @Test func aTerminatedSessionIsNoticedWhileItIsIdle() async throws {
        let victim = try await connect()
        let killer = try await connect()
        try await killer.query("SELECT pg_terminate_backend($1)", [.int(Int(victim.backendPID))])
        let deadline = ContinuousClock.now.advanced(by: .seconds(5))
        while !victim.isClosed, .now < deadline { await Task.yield() }
        #expect(victim.isClosed)
    }

    @Test func aTerminatedStatementIsAConnectionFailure() async throws {
        let victim = try await connect()
        let killer = try await connect()
        let task = Task { try await victim.query("SELECT pg_sleep(4)") }
        let deadline = ContinuousClock.now.advanced(by: .seconds(3))
        while try await killer.query(
            "SELECT 1 FROM pg_stat_activity WHERE pid = $1 AND state = 'active'",
            [.int(Int(victim.backendPID))]
        ).isEmpty, .now < deadline {}
        try await killer.query("SELECT pg_terminate_backend($1)", [.int(Int(victim.backendPID))])
        do {
            _ = try await task.value
            Issue.record("the statement should fail")
        } catch { #expect((error as? PostgresError)?.isConnectionFailure == true) }
        #expect(victim.isClosed)
    }

    @Test func aStoppedBackendDoesNotHoldItsCaller() async throws {
        let connection = try await connect()
        let backend = connection.backendPID
        kill(backend, SIGSTOP)
        defer { kill(backend, SIGCONT) }
        let start = ContinuousClock.now
        #expect(await code { try await connection.query("SELECT 1", within: .milliseconds(300)) } == .timeout)
        #expect(start.duration(to: .now) < .seconds(3))
    }

    @Test func nobodyListeningIsSaidAtOnce() async throws {
        let configuration = PostgresConfiguration(host: "127.0.0.1", port: 1, user: "x", database: "x")
        #expect(await code { _ = try await PostgresConnection.connect(configuration) } == .unreachable)
        var wrong = try await PostgresFixture.shared.superuser()
        wrong.database = "no_such_database"
        #expect(await code { _ = try await PostgresConnection.connect(wrong) } == .unreachable)
    }

    /// In a process of its own: the environment is cleared before the first connection, and belongs to every test in ours.
    @Test func theEnvironmentIsIgnored() async throws {
        let directory = try await PostgresFixture.shared.cluster().directory
        await #expect(processExitsWith: .success) { [directory = directory as String] in
            for (name, value) in [
                "PGHOST": "/nowhere", "PGSERVICE": "nothing", "PGOPTIONS": "-c timezone=Asia/Tokyo",
                "PGAPPNAME": "somebody",
            ] { setenv(name, value, 1) }
            let configuration = PostgresConfiguration(
                host: directory,
                user: "postgres",
                database: "postgres",
                applicationName: "psql-1"
            )
            let connection = try await PostgresConnection.connect(configuration)
            let row = try await connection.query(
                "SELECT current_setting('timezone') AS zone, current_setting('application_name') AS name"
            ).only()
            #expect(row["zone"] == "UTC" && row["name"] == "psql-1")
        }
    }

    @Test func noticesGoToTheHandler() async throws {
        let (stream, continuation) = AsyncStream.makeStream(of: String.self)
        let connection = try await connect { $0.onNotice = { continuation.yield($0) } }
        try await connection.execute(script: "DO $$ BEGIN RAISE NOTICE 'mind the gap'; END $$")
        var notices = stream.makeAsyncIterator()
        #expect(await notices.next() == "mind the gap")
    }

    @Test func largeValuesTravelBothWays() async throws {
        let connection = try await connect()
        let text = String(repeating: "0123456789abcdef", count: 512 * 1_024)
        let row = try await connection.query("SELECT $1::text AS text", [.text(text)], within: .seconds(20)).only()
        #expect(try row.string("text").utf8.count == text.utf8.count)
    }

    @Test func copyLoadsAwkwardText() async throws {
        let connection = try await connect()
        try await connection.execute(script: "CREATE TEMP TABLE goods (id int, name text, note text)")
        let rows: [[PostgresValue]] = [[1, "a\tb\nc\\d\r", nil], [2, "\\N", ""], [3, "\\.", "x"]]
        #expect(try await connection.copyIn("goods", columns: ["id", "name", "note"], rows: rows) == 3)
        let stored = try await connection.query("SELECT name, note FROM goods ORDER BY id")
        #expect(stored.map { $0["name"] } == ["a\tb\nc\\d\r", "\\N", "\\."])
        #expect(stored.map { $0["note"] } == [nil, "", "x"])
        await #expect(throws: PostgresError.self) {
            try await connection.copyIn("goods", columns: ["id"], rows: [["no number"]])
        }
        #expect(try await connection.query("SELECT 1").count == 1)
    }

    @Test func copyWithoutDataAndCopyOutAreRefused() async throws {
        let connection = try await connect()
        try await connection.execute(script: "CREATE TEMP TABLE goods (id int)")
        await #expect(throws: PostgresError.self) { try await connection.query("COPY goods FROM STDIN") }
        #expect(try await connection.query("SELECT 1").count == 1)
        #expect(await code { try await connection.query("COPY (SELECT 1) TO STDOUT") } == .unsupported)
    }

    @Test func notificationsArriveAndEndWithTheConnection() async throws {
        let listener = try await connect()
        let speaker = try await connect()
        let stream = try await listener.listen("Jobs")
        try await speaker.query("SELECT pg_notify('Jobs', 'seven')")
        var notifications = stream.makeAsyncIterator()
        let first = await notifications.next()
        #expect(first?.channel == "Jobs" && first?.payload == "seven")
        listener.close()
        #expect(await notifications.next() == nil)
    }

    @Test func oneStatementAtATime() async throws {
        let connection = try await connect()
        let codes = await withTaskGroup(of: PostgresError.Code?.self) { group in
            for _ in 0..<2 { group.addTask { await self.code { try await connection.query("SELECT pg_sleep(1)") } } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(codes == [.busy, nil])
        #expect(try await connection.query("SELECT 1").count == 1)
    }

    @Test func theVerifierLogsInWithoutThePasswordEverBeingSent() async throws {
        let connection = try await connect()
        let verifier = try connection.scramVerifier(password: "s3cret", user: "clerk")
        #expect(verifier.hasPrefix("SCRAM-SHA-256$4096:"))
        try await connection.execute(script: "CREATE ROLE clerk LOGIN PASSWORD '\(verifier)'")
        let stored = try await connection.query("SELECT rolpassword FROM pg_authid WHERE rolname = 'clerk'").only()
        #expect(stored["rolpassword"] == verifier)
    }

    @Test func nulIsRefusedBeforeItIsSent() async throws {
        let connection = try await connect()
        #expect(await code { try await connection.query("SELECT $1", ["a\0b"]) } == .badParameter)
        #expect(try await connection.query("SELECT 1").count == 1)
    }
}
