import OpsModel
import OpsPostgres
import OpsRuntime
import OpsTestKit
import OpsTrust
import Testing

@testable import ActionPlane

/// Against a real server.
@Suite struct QuarantineJobTests {
    private let action = "quarantine-job"

    /// A queue with three jobs, of which the second was tried five times.
    private func with(_ body: (ActionBench, PostgresConnection) async throws -> Void) async throws {
        let configuration = try await PostgresFixture.shared.database()
        try await TemporaryDirectory.with { directory in
            let database = Target.Database(
                component: "db",
                program: "db",
                administration: configuration,
                host: configuration.host,
                port: configuration.port
            )
            let connection = try await PostgresConnection.connect(configuration)
            defer { connection.close() }
            try await connection.execute(
                script: """
                    CREATE TABLE jobs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, kind text, payload text,
                      state text NOT NULL DEFAULT 'queued', attempts integer NOT NULL DEFAULT 0,
                      created_at timestamptz NOT NULL DEFAULT now());
                    CREATE TABLE jobs_quarantine (id bigint PRIMARY KEY, kind text, payload text, attempts integer,
                      reason text NOT NULL, created_at timestamptz NOT NULL);
                    INSERT INTO jobs (kind, payload, attempts) VALUES ('fulfil', 'a', 0), ('stamp', 'b', 5), ('fulfil', 'c', 1);
                    """
            )
            let queue = Target.Queue(
                component: "worker",
                tables: JobTables(queue: "jobs", quarantine: "jobs_quarantine")
            )
            try await body(try ActionBench(directory, [QuarantineJob(queue, database)]), connection)
        }
    }

    private func ids(_ table: String, _ connection: PostgresConnection) async throws -> [Int] {
        try await connection.query("SELECT id FROM \(table) ORDER BY id").map { try $0.int("id") }
    }

    @Test func movesExactlyThatJob() async throws {
        try await with { bench, connection in
            let executor = try bench.executor()
            let plan = try await executor.plan(action, ["id": 2])
            #expect(plan.state == .planned, "\(plan)")
            #expect(plan.plan?.diff.first?.contains("job 2, stamp of b") == true)
            #expect(plan.plan?.resources == ["job.worker.2"])
            let result = try await bench.run(executor, action, ["id": 2])
            #expect(result.state == .done, "\(result)")
            #expect(try await ids("jobs", connection) == [1, 3])
            let aside = try await connection.query("SELECT * FROM jobs_quarantine").only()
            #expect(try aside.int("id") == 2 && aside.int("attempts") == 5)
            #expect(aside["payload"] == "b")
        }
    }

    @Test func aJobThatFailsOnceMoreIsStillTheSame() async throws {
        try await with { bench, connection in
            let executor = try bench.executor()
            let payload = try await bench.payload(executor, action, ["id": 2])
            let grant = try Grant(payload, signedBy: bench.ann)
            try await connection.query("UPDATE jobs SET attempts = 6, state = 'running' WHERE id = 2")
            let result = try await executor.run(action, ActionRequest(grant: grant.text), principal: "gate", key: "k")
            #expect(result.state == .done, "\(result)")
            #expect(try await ids("jobs_quarantine", connection) == [2])
        }
    }

    @Test func doesNothingWhenTheJobIsDoneMeanwhile() async throws {
        try await with { bench, connection in
            let executor = try bench.executor()
            let payload = try await bench.payload(executor, action, ["id": 2])
            let grant = try Grant(payload, signedBy: bench.ann)
            try await connection.query("DELETE FROM jobs WHERE id = 2")
            let result = try await executor.run(action, ActionRequest(grant: grant.text), principal: "gate", key: "k")
            #expect(result.state == .notDone)
            #expect(try await ids("jobs_quarantine", connection) == [])
        }
    }

    @Test(arguments: [1, 3, 99])
    func refusesAJobThatNothingSpeaksAgainst(_ id: Int) async throws {
        try await with { bench, connection in
            let plan = try await bench.executor().plan(action, ["id": .int(id)])
            #expect(plan.state == .refused)
            #expect(try await ids("jobs", connection) == [1, 2, 3])
        }
    }

    @Test(arguments: [[:], ["id": "2"], ["id": 0], ["id": 2, "component": "api"]] as [[String: JSONValue]])
    func refusesWhatIsNotInTheSchema(_ parameters: [String: JSONValue]) async throws {
        try await with { bench, _ in
            let executor = try bench.executor()
            let error = await #expect(throws: ActionError.self) { try await executor.plan(action, parameters) }
            #expect(error?.code == .invalidParameters)
        }
    }

    @Test func theJobIsPutBackAsItWas() async throws {
        try await with { bench, connection in
            let quarantine = try #require(bench.actions.first)
            let before = try await connection.query("SELECT created_at::text AS at FROM jobs WHERE id = 2").only()
            let plan = try await JournalPrefixes.record(bench, quarantine, ["id": 2])
            try await quarantine.perform(plan.intent.steps[0], of: plan.intent)
            #expect(try await ids("jobs", connection) == [1, 3])
            try await quarantine.compensate(plan.intent, through: 0)
            #expect(try await ids("jobs", connection) == [1, 2, 3])
            #expect(try await ids("jobs_quarantine", connection) == [])
            let after = try await connection.query("SELECT created_at::text AS at FROM jobs WHERE id = 2").only()
            #expect(before["at"] == after["at"])
        }
    }

    @Test func afterACrashTheWorldSaysWhetherItHappened() async throws {
        try await with { bench, connection in
            let quarantine = try #require(bench.actions.first)
            let lines = try await JournalPrefixes.record(bench, quarantine, ["id": 2])
            for prefix in lines.prefixes {
                #expect(try await JournalPrefixes.recover(bench, prefix)?.state == .notDone)
            }
            #expect(try await ids("jobs", connection) == [1, 2, 3])
            try await quarantine.perform(lines.intent.steps[0], of: lines.intent)
            let after = try await JournalPrefixes.recover(bench, lines.prefixes.last ?? [])
            #expect(after?.state == .done)
            #expect(after?.detail["recovered"] == true)
        }
    }
}
