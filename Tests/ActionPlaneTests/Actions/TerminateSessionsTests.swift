import OpsModel
import OpsPostgres
import OpsTestKit
import OpsTrust
import Testing

@testable import ActionPlane

/// Against a real server, with real locks.
@Suite struct TerminateSessionsTests {
    /// Roles belong to the whole cluster, which other tests use at the same time.
    private let clerk = "clerk_" + String((0..<10).map { _ in "abcdefghjkmnp".randomElement() ?? "a" })

    private func with(_ body: (ActionBench, PostgresConfiguration) async throws -> Void) async throws {
        let configuration = try await PostgresFixture.shared.database()
        try await TemporaryDirectory.with { directory in
            let database = Target.Database(
                component: "db",
                program: "db",
                administration: configuration,
                host: configuration.host,
                port: configuration.port
            )
            let setup = try await PostgresConnection.connect(configuration)
            try await setup.execute(
                script: "CREATE TABLE stock (id int); INSERT INTO stock VALUES (1);"
                    + "CREATE ROLE \(clerk) LOGIN; GRANT ALL ON stock TO \(clerk)"
            )
            setup.close()
            try await body(try ActionBench(directory, [TerminateSessions(database)]), configuration)
        }
    }

    /// A session of the clerk that has held a row for more than the least age, and one that waits for it.
    private func block(
        _ configuration: PostgresConfiguration
    ) async throws -> (holder: PostgresConnection, waiter: Task<Void, any Error>) {
        var clerk = configuration
        clerk.user = self.clerk
        clerk.applicationName = "nightly"
        let holder = try await PostgresConnection.connect(clerk)
        try await holder.execute(script: "BEGIN; UPDATE stock SET id = 2")
        let waiter = Task {
            let connection = try await PostgresConnection.connect(configuration)
            defer { connection.close() }
            try await connection.query("UPDATE stock SET id = 3", [], within: .seconds(20))
        }
        let look = try await PostgresConnection.connect(configuration)
        defer { look.close() }
        let end = ContinuousClock.now + .seconds(10)
        while try await look.query(SessionSQL.rootBlockers, [.double(TerminateSessions.leastAge)]).isEmpty {
            try #require(ContinuousClock.now < end, "no session ever blocked another")
            try await look.query("SELECT pg_sleep(0.05)")
        }
        return (holder, waiter)
    }

    @Test func endsTheBlockerAndNobodyElse() async throws {
        try await with { bench, configuration in
            let (holder, waiter) = try await block(configuration)
            let executor = try bench.executor()
            let plan = try await executor.plan("terminate-sessions", ["which": "blocker", "at_most": 1])
            #expect(plan.state == .planned, "\(plan)")
            #expect(plan.plan?.diff.first?.contains("\(clerk) (nightly)") == true)
            let result = try await bench.run(executor, "terminate-sessions", ["which": "blocker", "at_most": 1])
            #expect(result.state == .done, "\(result)")
            #expect(result.detail.at("postcheck.ended") == 1)
            try await waiter.value
            await #expect(throws: PostgresError.self) { try await holder.query("SELECT 1") }
        }
    }

    @Test func endsNothingWhenTheHolderBeganAnotherTransaction() async throws {
        try await with { bench, configuration in
            let (holder, waiter) = try await block(configuration)
            let executor = try bench.executor()
            let grant = try Grant(
                try await bench.payload(executor, "terminate-sessions", ["which": "blocker"]),
                signedBy: bench.ann
            )
            try await holder.execute(script: "COMMIT")
            try await waiter.value
            try await holder.execute(script: "BEGIN; SELECT 1")
            let result = try await executor.run(
                "terminate-sessions",
                ActionRequest(grant: grant.text),
                principal: "gate",
                key: "k"
            )
            #expect(result.state == .notDone)
            #expect(result.detail["code"] == "facts_drifted")
            try await holder.query("SELECT 1")
            holder.close()
        }
    }

    @Test func theStatementItselfComparesTheStartTimes() async throws {
        try await with { bench, configuration in
            let (holder, waiter) = try await block(configuration)
            let action = try #require(bench.actions.first)
            let plan = try await JournalPrefixes.record(bench, action, ["which": "blocker"])
            var step = plan.intent.steps[0]
            var session = step.before[0]?.objectValue ?? [:]
            session["backend_start"] = "2020-01-01T00:00:00.000000Z"
            step.before = [.object(session)]
            await #expect(throws: ActionError.self) { try await action.perform(step, of: plan.intent) }
            try await holder.execute(script: "COMMIT")
            try await waiter.value
            holder.close()
        }
    }

    @Test func endsAllSessionsOfAnOwnerAndRefusesThePrivileged() async throws {
        try await with { bench, configuration in
            var clerk = configuration
            clerk.user = self.clerk
            let first = try await PostgresConnection.connect(clerk)
            let second = try await PostgresConnection.connect(clerk)
            let executor = try bench.executor()
            let owner: [String: JSONValue] = ["which": "owner", "owner": .string(self.clerk)]
            let tooMany = try await executor.plan("terminate-sessions", owner.merging(["at_most": 1]) { $1 })
            #expect(tooMany.state == .refused)
            let result = try await bench.run(executor, "terminate-sessions", owner)
            #expect(result.state == .done, "\(result)")
            for connection in [first, second] {
                await #expect(throws: PostgresError.self) { try await connection.query("SELECT 1") }
            }
            let keeper = try await PostgresConnection.connect(configuration)
            defer { keeper.close() }
            let refused = try await executor.plan("terminate-sessions", ["which": "owner", "owner": "postgres"])
            #expect(refused.state == .refused)
            #expect(refused.plan?.refusals.first?.contains("administers") == true)
        }
    }

    @Test(
        arguments: [
            [:], ["which": "all"], ["which": "owner"], ["which": "blocker", "owner": "clerk"], ["which": 1],
            ["which": "owner", "owner": "clerk; DROP"], ["which": "blocker", "at_most": 0],
            ["which": "blocker", "x": 1],
        ] as [[String: JSONValue]]
    ) func refusesWhatIsNotInTheSchema(_ parameters: [String: JSONValue]) async throws {
        try await with { bench, _ in
            let executor = try bench.executor()
            let error = await #expect(throws: ActionError.self) {
                try await executor.plan("terminate-sessions", parameters)
            }
            #expect(error?.code == .invalidParameters)
        }
    }

    @Test func withNobodyBlockingItSaysSo() async throws {
        try await with { bench, _ in
            let plan = try await bench.executor().plan("terminate-sessions", ["which": "blocker"])
            #expect(plan.state == .refused)
            let result = try await bench.run(try bench.executor(), "terminate-sessions", ["which": "blocker"])
            #expect(result.state == .notDone && result.detail["code"] == "not_permitted")
        }
    }

    @Test func afterACrashTheWorldSaysWhetherItHappened() async throws {
        try await with { bench, configuration in
            let (holder, waiter) = try await block(configuration)
            let action = try #require(bench.actions.first)
            let lines = try await JournalPrefixes.record(bench, action, ["which": "blocker"])
            for prefix in lines.prefixes {
                #expect(try await JournalPrefixes.recover(bench, prefix)?.state == .notDone)
            }
            try await holder.query("SELECT 1")
            try await action.perform(lines.intent.steps[0], of: lines.intent)
            try await waiter.value
            let after = try await JournalPrefixes.recover(bench, lines.prefixes.last ?? [])
            #expect(after?.state == .done)
            #expect(after?.detail["recovered"] == true)
        }
    }
}
