import AgentOps
import Glibc
import OpsModel
import OpsPostgres
import OpsTestKit
import Testing

@Suite struct RecorderTests {
    /// Every number of every writer once, every seq once and without a gap.
    func checkLedger(_ database: AgentOpsDatabase, organisation: String = "lab", expect count: Int) async throws {
        let connection = try await database.asSuperuser()
        let row = try await connection.query(
            """
            SELECT count(*) AS rows, count(DISTINCT (writer, n)) AS numbers, count(DISTINCT seq) AS seqs,
                coalesce(max(seq), 0) AS last FROM agentops.events WHERE org_id = $1
            """,
            [.text(organisation)]
        ).only()
        #expect(try row.int("rows") == count)
        #expect(try row.int("numbers") == count)
        #expect(try row.int("seqs") == count)
        #expect(try row.int("last") == count)
        let gaps = try await connection.query(
            """
            SELECT writer FROM agentops.events WHERE org_id = $1 GROUP BY writer
            HAVING max(n) <> count(*) OR max(n) <> (SELECT last_n FROM agentops.writer_positions p WHERE p.writer = events.writer)
            """,
            [.text(organisation)]
        )
        #expect(gaps.isEmpty)
        connection.close()
    }

    @Test func whatIsRecordedIsStoredWithItsEnvelope() async throws {
        let database = try await AgentOpsDatabase()
        let recorder = try database.recorder(spool: TemporaryDirectory())
        recorder.record(
            Event(.signal, "page.fired", incident: "inc-1", trace: "t1", payload: ["text": "a\0b\u{1F600}", "n": 1.5])
        )
        try recorder.recordDurably(Event(.action, "action.intent", incident: "inc-1"))
        #expect(await recorder.flush(within: .seconds(10)))
        let archive = EventArchive(PostgresPool(database.configuration("gate", "lab"), limit: 1))
        let events = try await archive.events(after: 0)
        #expect(events.map(\.type) == ["process.started", "page.fired", "action.intent"])
        #expect(events.map(\.seq) == [1, 2, 3] && events.map(\.n) == [1, 2, 3])
        #expect(events[1].payload == ["text": "a\u{FFFD}b\u{1F600}", "n": 1.5])
        #expect(events[1].runID == recorder.runID && events[1].traceID == "t1")
        #expect(try await archive.timeline(incident: "inc-1").map(\.type) == ["page.fired", "action.intent"])
        #expect(events.map(\.clock) == events.map(\.clock).sorted())
    }

    @Test func theProcessIsRegisteredWithItsRun() async throws {
        let database = try await AgentOpsDatabase()
        let spool = try TemporaryDirectory()
        let first = try database.recorder(spool: spool)
        let service = Task { try await first.run() }
        #expect(await first.flush(within: .seconds(10)))
        let connection = try await database.connect("observer", "lab")
        let states =
            "SELECT a.status AS agent, r.status AS run FROM agentops.agents a JOIN agentops.runs r ON r.agent_id = a.id WHERE r.id = $1"
        var row = try await connection.query(states, [.text(first.runID)]).only()
        #expect(row["agent"] == "running" && row["run"] == "running")
        service.cancel()
        try await service.value
        row = try await connection.query(states, [.text(first.runID)]).only()
        #expect(row["agent"] == "stopped" && row["run"] == "succeeded")
        try await checkLedger(database, expect: 2)
    }

    @Test func aRunThatNeverEndedIsInterruptedByTheNext() async throws {
        let database = try await AgentOpsDatabase()
        var first: Recorder? = try database.recorder(spool: TemporaryDirectory())
        #expect(await first?.flush(within: .seconds(10)) == true)
        let run = first?.runID ?? ""
        first = nil
        let second = try database.recorder(spool: TemporaryDirectory())
        #expect(await second.flush(within: .seconds(10)))
        let connection = try await database.connect("observer", "lab")
        let row = try await connection.query("SELECT status FROM agentops.runs WHERE id = $1", [.text(run)]).only()
        #expect(row["status"] == "interrupted")
    }

    @Test func nothingIsLostOrRepeatedWhileBackendsAreKilled() async throws {
        let database = try await AgentOpsDatabase()
        let recorders = try ["target", "observer", "gate", "action"].map {
            try database.recorder($0, spool: TemporaryDirectory())
        }
        let killer = try await database.asSuperuser()
        let perRecorder = 600
        try await withThrowingTaskGroup(of: Void.self) { group in
            for recorder in recorders {
                group.addTask {
                    for n in 0..<perRecorder {
                        recorder.record(Event(.tool, "step", payload: ["n": .int(n)]))
                        if n.isMultiple(of: 20) { _ = await recorder.flush(within: .milliseconds(5)) }
                    }
                }
            }
            group.addTask {
                for _ in 0..<25 {
                    let pids = try await killer.query(
                        "SELECT pid FROM pg_stat_activity WHERE application_name = 'opslab' AND pid <> pg_backend_pid()"
                            + " AND datname = current_database() ORDER BY random() LIMIT 2"
                    )
                    for row in pids { kill(pid_t(try row.int("pid")), SIGTERM) }
                    try await Task.sleep(for: .milliseconds(8))
                }
            }
            try await group.waitForAll()
        }
        for recorder in recorders { #expect(await recorder.flush(within: .seconds(20))) }
        try await checkLedger(database, expect: recorders.count * (perRecorder + 1))
    }

    @Test func recordsWaitWhileTheDatabaseIsAway() async throws {
        let database = try await AgentOpsDatabase()
        let admin = try await PostgresConnection.connect(try await PostgresFixture.shared.superuser())
        let name = database.superuser.database
        try await admin.query("ALTER DATABASE \"\(name)\" ALLOW_CONNECTIONS false")
        let recorder = try database.recorder(spool: TemporaryDirectory())
        for n in 0..<200 { recorder.record(Event(.tool, "step", payload: ["n": .int(n)])) }
        #expect(await recorder.flush(within: .milliseconds(300)) == false)
        #expect(recorder.status.isConnected == false && recorder.status.failure != nil)
        try await admin.query("ALTER DATABASE \"\(name)\" ALLOW_CONNECTIONS true")
        #expect(await recorder.flush(within: .seconds(20)))
        #expect(recorder.status.failure == nil)
        try await checkLedger(database, expect: 201)
    }

    @Test func aKilledWriterLeavesItsRecordsToTheNextProcess() async throws {
        let database = try await AgentOpsDatabase()
        let spool = try TemporaryDirectory()
        var first: Recorder? = try database.recorder(spool: spool)
        for n in 0..<50 { first?.record(Event(.tool, "step", payload: ["n": .int(n)])) }
        first = nil  // nothing was sent: the process died
        let second = try database.recorder(spool: spool)
        second.record(Event(.tool, "after"))
        #expect(await second.flush(within: .seconds(10)))
        try await checkLedger(database, expect: 53)
    }

    @Test func oneSpoolHasOneProcess() async throws {
        let database = try await AgentOpsDatabase()
        let spool = try TemporaryDirectory()
        let first = try database.recorder(spool: spool)
        #expect { try database.recorder(spool: spool) } throws: { ($0 as? AgentOpsError)?.code == .spoolInUse }
        first.record(Event(.tool, "step"))
    }

    @Test func anOlderProcessOfTheSameNameIsShutOut() async throws {
        let database = try await AgentOpsDatabase()
        let recorder = try database.recorder(spool: TemporaryDirectory())
        #expect(await recorder.flush(within: .seconds(10)))
        let superuser = try await database.asSuperuser()
        try await superuser.query("UPDATE agentops.writer_positions SET epoch = epoch + 1")
        recorder.record(Event(.tool, "too late"))
        #expect(await recorder.flush(within: .milliseconds(1_500)) == false)
        try await checkLedger(database, expect: 1)
        #expect(recorder.status.failure?.contains("another process") == true)
    }

    @Test func aRecordThatTheDatabaseRefusesIsDeclaredLost() async throws {
        let database = try await AgentOpsDatabase()
        let superuser = try await database.asSuperuser()
        try await superuser.execute(script: "ALTER TABLE agentops.events ADD CHECK (event_type <> 'poison')")
        let recorder = try database.recorder(spool: TemporaryDirectory())
        for type in ["a", "b", "poison", "c"] { recorder.record(Event(.tool, type)) }
        #expect(await recorder.flush(within: .seconds(10)))
        let rows = try await superuser.query("SELECT event_type, payload FROM agentops.events ORDER BY seq")
        #expect(rows.map { $0["event_type"] } == ["process.started", "a", "b", "recorder.loss", "c"])
        #expect(try rows[3].json("payload")["count"] == 1)
        try await checkLedger(database, expect: 5)
    }

    @Test func whatHasNoRoomIsCountedAndToldLater() async throws {
        let database = try await AgentOpsDatabase()
        let spool = try TemporaryDirectory()
        var configuration = RecorderConfiguration(
            database: database.configuration("observer", nil),
            organisation: "lab",
            spool: spool.path,
            writer: "observer"
        )
        configuration.spoolLimit = 2_000
        let recorder = try Recorder(configuration, registration: Registration(id: "observer", name: "observer"))
        for n in 0..<100 { recorder.record(Event(.tool, "step", payload: ["n": .int(n)])) }
        #expect(recorder.status.dropped > 50)
        try recorder.recordDurably(Event(.action, "intent"))
        #expect(await recorder.flush(within: .seconds(10)))
        let superuser = try await database.asSuperuser()
        let row = try await superuser.query(
            """
            SELECT count(*) FILTER (WHERE event_type <> 'recorder.loss') AS stored,
                sum((payload->>'count')::int) FILTER (WHERE event_type = 'recorder.loss') AS declared FROM agentops.events
            """
        ).only()
        #expect(try row.int("stored") + row.int("declared") == 102)
    }

    @Test func theReferenceOfAnotherOrganisationIsNotWritable() async throws {
        let database = try await AgentOpsDatabase()
        let recorder = try database.recorder("target", organisation: "referee", spool: TemporaryDirectory())
        #expect(await recorder.flush(within: .milliseconds(500)) == false)
        try await checkLedger(database, organisation: "referee", expect: 0)
    }
}
