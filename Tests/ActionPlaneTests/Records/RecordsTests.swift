import AgentOps
import OpsModel
import OpsPostgres
import OpsService
import OpsTestKit
import OpsTrust
import Testing

@testable import ActionPlane

/// Against the real AgentOps schema, logged in as the role that the service has.
@Suite struct RecordsTests {
    private func database() async throws -> (superuser: PostgresConfiguration, action: PostgresConfiguration) {
        let superuser = try await PostgresFixture.shared.database(template: "agentops") { configuration in
            let connection = try await PostgresConnection.connect(configuration)
            defer { connection.close() }
            try await AgentOpsSchema.migrator.up(connection)
        }
        var action = superuser
        action.user = "action"
        action.options["agentops.org"] = "lab"
        return (superuser, action)
    }

    private func epochs(_ superuser: PostgresConfiguration, _ sql: String, within limit: Duration) async throws {
        let connection = try await PostgresConnection.connect(superuser)
        defer { connection.close() }
        try await connection.execute(script: sql, within: limit)
    }

    private static func origin(_ epoch: Int, agent: String = "agent/one", at moment: Timestamp = .now()) -> GrantOrigin
    {
        GrantOrigin(epoch: epoch, agent: agent, issuedAt: Int(moment.microseconds / 1_000))
    }

    @Test func theKillSwitchWaitsForAnIntentAndVoidsTheNextOne() async throws {
        let (superuser, action) = try await database()
        let source = PostgresEpochSource(configuration: action)
        #expect(await source.current() == 1)
        let hold = try await source.hold(Self.origin(1))
        let raise = "UPDATE agentops.epochs SET epoch = epoch + 1 WHERE org_id = 'lab'"
        await #expect(throws: PostgresError.self, "held: it cannot rise") {
            try await epochs(superuser, "SET LOCAL statement_timeout = 100; \(raise)", within: .milliseconds(300))
        }
        #expect(await source.current() == 1)
        await hold.abandon()
        try await epochs(superuser, raise, within: .seconds(5))
        let stale = await #expect(throws: ActionError.self) { _ = try await source.hold(Self.origin(1)) }
        #expect(stale?.code == .epochStale)
        await (try await source.hold(Self.origin(2))).abandon()
        try await epochs(superuser, "UPDATE agentops.epochs SET is_stopped = true", within: .seconds(5))
        let stopped = await #expect(throws: ActionError.self) { _ = try await source.hold(Self.origin(2)) }
        #expect(stopped?.code == .epochStale)
    }

    /// As the gate writes it: under the lock of the epoch.
    private static func pause(_ isPaused: Bool) -> String {
        """
        BEGIN; SET LOCAL statement_timeout = 100; SELECT epoch FROM agentops.epochs WHERE org_id = 'lab' FOR UPDATE;
        INSERT INTO agentops.agent_pauses (org_id, agent, is_paused, reason, changed_by)
        VALUES ('lab', 'agent/one', \(isPaused), 'drill', 'ann') ON CONFLICT (org_id, agent)
        DO UPDATE SET is_paused = EXCLUDED.is_paused, changed_at = clock_timestamp(); COMMIT
        """
    }

    @Test func aPauseWaitsForAnIntentAndVoidsWhatWasGrantedBefore() async throws {
        let (superuser, action) = try await database()
        let source = PostgresEpochSource(configuration: action)
        let before = Self.origin(1)
        let hold = try await source.hold(before)
        await #expect(throws: PostgresError.self, "held: nobody can be paused") {
            try await epochs(superuser, Self.pause(true), within: .milliseconds(300))
        }
        await hold.abandon()
        try await epochs(superuser, Self.pause(true), within: .seconds(5))
        let paused = await #expect(throws: ActionError.self) { _ = try await source.hold(Self.origin(1)) }
        #expect(paused?.code == .agentPaused)
        for other in ["agent/two", "agent/one ", ""] {
            await (try await source.hold(Self.origin(1, agent: other))).abandon()
        }
        #expect(await source.current() == 1, "others' grants stay good")
        try await epochs(superuser, Self.pause(false), within: .seconds(5))
        let old = await #expect(throws: ActionError.self) { _ = try await source.hold(before) }
        #expect(old?.code == .agentPaused, "what was granted before does not come back to life")
        await (try await source.hold(Self.origin(1, at: .now() + 0.002))).abandon()
    }

    /// Whoever waits for the row sees what was committed meanwhile.
    @Test func anIntentThatWaitedForAPauseSeesIt() async throws {
        let (superuser, action) = try await database()
        let source = PostgresEpochSource(configuration: action)
        let gate = try await PostgresConnection.connect(superuser)
        defer { gate.close() }
        try await gate.execute(script: Self.pause(true).replacing("; COMMIT", with: ""), within: .seconds(5))
        async let waiting = source.hold(Self.origin(1))
        let look = try await PostgresConnection.connect(superuser)
        defer { look.close() }
        let waits = """
            SELECT 1 FROM pg_stat_activity
            WHERE datname = current_database() AND usename = 'action' AND wait_event_type = 'Lock'
            """
        let deadline = ContinuousClock.now + .seconds(10)
        while try await look.query(waits).isEmpty, ContinuousClock.now < deadline {
            try await Task.sleep(for: .milliseconds(5))
        }
        try await gate.execute(script: "COMMIT", within: .seconds(5))
        var code: ActionError.Code?
        do { _ = try await waiting } catch { code = (error as? ActionError)?.code }
        #expect(code == .agentPaused)
    }

    @Test func withoutItsDatabaseNothingBegins() async throws {
        let nowhere = PostgresConfiguration(host: "/nonexistent", user: "action", database: "agentops")
        let source = PostgresEpochSource(configuration: nowhere)
        #expect(await source.current() == nil)
        let error = await #expect(throws: ActionError.self) { _ = try await source.hold(Self.origin(1)) }
        #expect(error?.code == .epochUnreadable)
        #expect(
            await (#expect(throws: ActionError.self) { _ = try await NoEpochSource().hold(Self.origin(1)) })?.code
                == .epochUnreadable
        )
    }

    @Test func aRunBecomesOneRowAndOneLinkOfTheChain() async throws {
        let (superuser, action) = try await database()
        try await TemporaryDirectory.with { directory in
            let bench = try ActionBench(directory, [MemoryAction()])
            try await epochs(superuser, "UPDATE agentops.epochs SET epoch = 1", within: .seconds(5))
            let journal = try ActionJournal(directory: "\(directory)/own")
            let recorder = PostgresRunRecorder(
                pool: PostgresPool(action, limit: 1),
                catchingUp: journal,
                events: .disabled,
                logger: .silent
            )
            let executor = ActionExecutor(
                catalogue: Catalogue(bench.actions),
                verifier: GrantVerifier(
                    trustPath: "\(directory)/trust.json",
                    instanceID: ActionBench.instanceID,
                    organisation: "lab"
                ),
                journal: journal,
                shared: bench.shared,
                epochs: PostgresEpochSource(configuration: action),
                recorder: recorder,
                logger: .silent
            )
            var payload = try await bench.payload(executor, "toggle", ["to": "on"])
            payload.epoch = 1
            payload.issuedAt += 1
            let grant = try Grant(payload, signedBy: bench.ann).text
            let result = try await executor.run("toggle", ActionRequest(grant: grant), principal: "gate", key: "k")
            #expect(result.state == .done, "\(result)")
            let look = try await PostgresConnection.connect(superuser)
            defer { look.close() }
            let row = try await look.query("SELECT state, incident_id, epoch, ended_at FROM lab.actions").only()
            #expect(row["state"] == "done" && row["incident_id"] == "inc-1" && row["epoch"] == "1")
            let run = try #require(journal.ledger.runs[result.run])
            await recorder.ended(result, of: run)
            let links = try await look.query(
                "SELECT action_type, journal_writer FROM agentops.audit_logs WHERE entity_type = 'action'"
            )
            #expect(links.count == 1, "copied twice, chained once")
            #expect(links.first?["action_type"] == "action.done" && links.first?["journal_writer"] == "action/journal")
        }
    }
}
