import AgentOps
import Glibc
import OpsModel
import OpsPostgres
import OpsTestKit
import Testing

/// The database goes away in every way there is, and writers die: what was recorded is stored, nothing twice.
@Suite struct RecorderOutageTests {
    /// Writes until told to stop and gives back how many records were accepted.
    func write(_ recorder: Recorder, until isOver: @escaping @Sendable () -> Bool) async throws -> Int {
        var count = 1  // the start of the process
        while !isOver() {
            recorder.record(Event(.tool, "step", payload: ["n": .int(count)]))
            count += 1
            if count.isMultiple(of: 50) { try await Task.sleep(for: .milliseconds(2)) }
        }
        return count
    }

    func ledger(_ database: AgentOpsDatabase) async throws -> (rows: Int, numbers: Int, seqs: Int, last: Int) {
        let connection = try await database.asSuperuser()
        defer { connection.close() }
        let row = try await connection.query(
            """
            SELECT count(*) AS rows, count(DISTINCT (writer, n)) AS numbers, count(DISTINCT seq) AS seqs, max(seq) AS last
            FROM agentops.events
            """
        ).only()
        return (try row.int("rows"), try row.int("numbers"), try row.int("seqs"), try row.int("last"))
    }

    @Test func aServerThatCrashesTwiceUnderLoadCostsNothing() async throws {
        let fixture = PostgresFixture()
        let database = try await AgentOpsDatabase(on: fixture)
        let spools = try (0..<3).map { _ in try TemporaryDirectory() }
        let recorders = try zip(["target", "observer", "action"], spools).map {
            try database.recorder($0, spool: $1)
        }
        let services = recorders.map { recorder in Task { try await recorder.run() } }
        let end = ContinuousClock.now.advanced(by: .seconds(2))
        let writers = recorders.map { recorder in Task { try await write(recorder) { .now > end } } }
        for _ in 0..<2 {
            #expect(await recorders[0].flush(within: .seconds(20)))
            try await fixture.crash()
            try await fixture.restart()
        }
        var sent = 0
        for writer in writers { sent += try await writer.value }
        for recorder in recorders { #expect(await recorder.flush(within: .seconds(30))) }
        let stored = try await ledger(database)
        #expect(sent > 1_000)
        #expect(stored.rows == sent && stored.numbers == sent && stored.seqs == sent && stored.last == sent)
        for service in services { service.cancel() }
        for service in services { try await service.value }
        try await fixture.crash()
    }

    @Test func aStoppedBackendIsGivenUpAndItsStatementCountsOnce() async throws {
        let database = try await AgentOpsDatabase()
        let recorder = try database.recorder(spool: TemporaryDirectory())
        #expect(await recorder.flush(within: .seconds(10)))
        let superuser = try await database.asSuperuser()
        let pid = try await superuser.query(
            "SELECT pid FROM pg_stat_activity WHERE usename = 'observer' AND datname = current_database()"
        ).only().int("pid")
        kill(pid_t(pid), SIGSTOP)
        for n in 0..<20 { recorder.record(Event(.tool, "step", payload: ["n": .int(n)])) }
        #expect(await recorder.flush(within: .seconds(20)))
        kill(pid_t(pid), SIGCONT)  // now it finds the statement that nobody waits for any more
        let deadline = ContinuousClock.now.advanced(by: .seconds(5))
        while try await !superuser.query("SELECT 1 FROM pg_stat_activity WHERE pid = $1", [.int(pid)]).isEmpty,
            .now < deadline
        {}
        let stored = try await ledger(database)
        #expect(stored.rows == 21 && stored.numbers == 21 && stored.last == 21)
    }

    @Test func whatWasRecordedBeforeSIGKILLIsThereForTheNextProcess() async throws {
        let database = try await AgentOpsDatabase()
        let directory = try TemporaryDirectory()
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = directory.path as String] in
            let nowhere = PostgresConfiguration(host: "127.0.0.1", port: 1, user: "x", database: "x")
            let recorder = try Recorder(
                RecorderConfiguration(database: nowhere, organisation: "lab", spool: path, writer: "observer"),
                registration: Registration(id: "observer", name: "observer")
            )
            for n in 0..<300 { recorder.record(Event(.tool, "step", payload: ["n": .int(n)])) }
            kill(getpid(), SIGKILL)
        }
        let recorder = try database.recorder(spool: directory)
        #expect(await recorder.flush(within: .seconds(10)))
        let stored = try await ledger(database)
        #expect(stored.rows == 302 && stored.last == 302)
    }
}
