import OpsModel
import OpsPostgres
import OpsTestKit
import OpsTrust
import Testing

@testable import ActionPlane

/// Against a real server.
@Suite struct RollbackConfigurationTests {
    private let action = "rollback-config"
    /// Roles belong to the whole cluster, which other tests use at the same time.
    private let clerk = "clerk_" + String((0..<10).map { _ in "abcdefghjkmnp".randomElement() ?? "a" })

    /// A database whose own settings make it read only, and a session of the clerk that was opened with them.
    private func with(
        _ body: (ActionBench, PostgresConfiguration, PostgresConnection) async throws -> Void
    ) async throws {
        let configuration = try await PostgresFixture.shared.database()
        try await TemporaryDirectory.with { directory in
            let database = Target.Database(
                component: "db",
                program: "db",
                administration: administration(configuration),
                host: configuration.host,
                port: configuration.port,
                settings: ["default_transaction_read_only", "idle_in_transaction_session_timeout"]
            )
            try await set(
                "default_transaction_read_only = on; ALTER DATABASE \"\(configuration.database)\" SET work_mem = '5MB'",
                configuration,
                before: "CREATE TABLE stock (id int); CREATE ROLE \(clerk) LOGIN; GRANT ALL ON stock TO \(clerk);"
            )
            let session = try await login(configuration)
            defer { session.close() }
            try await body(
                try ActionBench(directory, [RollbackConfiguration([SettingsRollback(database)])]),
                configuration,
                session
            )
        }
    }

    private func administration(_ configuration: PostgresConfiguration) -> PostgresConfiguration {
        var administration = configuration
        administration.options = ["default_transaction_read_only": "off", "idle_in_transaction_session_timeout": "0"]
        return administration
    }

    private func set(_ setting: String, _ configuration: PostgresConfiguration, before: String = "") async throws {
        let connection = try await PostgresConnection.connect(administration(configuration))
        defer { connection.close() }
        try await connection.execute(script: "\(before) ALTER DATABASE \"\(configuration.database)\" SET \(setting)")
    }

    private func login(_ configuration: PostgresConfiguration) async throws -> PostgresConnection {
        var clerk = configuration
        clerk.user = self.clerk
        return try await PostgresConnection.connect(clerk)
    }

    private func expectReadOnly(_ session: PostgresConnection) async {
        let error = await #expect(throws: PostgresError.self) {
            try await session.query("INSERT INTO stock VALUES (1)")
        }
        #expect(error?.sqlState == "25006")
    }

    @Test func takesDeclaredSettingsAwayAndNoOthersAndOpensSessionsAnew() async throws {
        try await with { bench, configuration, session in
            await expectReadOnly(session)
            let executor = try bench.executor()
            let plan = try await executor.plan(action, ["component": "db"])
            #expect(plan.plan?.diff.first == "- db: default_transaction_read_only = on")
            #expect(plan.plan?.resources.contains("setting.db.default-transaction-read-only") == true)
            let result = try await bench.run(executor, action)
            #expect(result.state == .done, "\(result)")
            await #expect(throws: PostgresError.self) { try await session.query("SELECT 1") }
            let fresh = try await login(configuration)
            defer { fresh.close() }
            try await fresh.query("INSERT INTO stock VALUES (1)")
            #expect(try await fresh.query("SHOW work_mem").only()["work_mem"] == "5MB", "that one is not declared")
            let again = try await bench.run(executor, action)
            #expect(again.state == .notDone && again.detail["code"] == "not_permitted", "a second time nothing is left")
            try await fresh.query("SELECT 1")
        }
    }

    @Test func doesNothingWhenAnotherValueWasSetMeanwhile() async throws {
        try await with { bench, configuration, session in
            let executor = try bench.executor()
            let grant = try Grant(try await bench.payload(executor, action), signedBy: bench.ann)
            try await set("idle_in_transaction_session_timeout = '9s'", configuration)
            let request = ActionRequest(grant: grant.text)
            let result = try await executor.run(action, request, principal: "gate", key: "k")
            #expect(result.state == .notDone && result.detail["code"] == "facts_drifted")
            await expectReadOnly(session)
        }
    }

    @Test func theTransactionItselfComparesTheValues() async throws {
        try await with { bench, configuration, session in
            let action = try #require(bench.actions.first)
            let lines = try await JournalPrefixes.record(bench, action, [:])
            try await set("idle_in_transaction_session_timeout = '9s'", configuration)
            let error = await #expect(throws: ActionError.self) {
                try await action.perform(lines.intent.steps[0], of: lines.intent)
            }
            #expect(error?.code == .factsDrifted)
            await expectReadOnly(session)
        }
    }

    @Test func afterACrashItIsNotDoneOrGoesForward() async throws {
        try await with { bench, configuration, session in
            let action = try #require(bench.actions.first)
            let lines = try await JournalPrefixes.record(bench, action, [:])
            for prefix in lines.prefixes.dropLast() {
                #expect(try await JournalPrefixes.recover(bench, prefix)?.state == .notDone)
            }
            await expectReadOnly(session)
            try await action.perform(lines.intent.steps[0], of: lines.intent)
            await expectReadOnly(session)
            for prefix in lines.prefixes.suffix(2) {
                let result = try await JournalPrefixes.recover(bench, prefix)
                #expect(result?.state == .done, "\(String(describing: result))")
            }
            await #expect(throws: PostgresError.self) { try await session.query("SELECT 1") }
            let fresh = try await login(configuration)
            defer { fresh.close() }
            try await fresh.query("INSERT INTO stock VALUES (1)")
        }
    }

    @Test func givesTheSettingsAgain() async throws {
        try await with { bench, configuration, _ in
            let action = try #require(bench.actions.first)
            let lines = try await JournalPrefixes.record(bench, action, [:])
            try await action.perform(lines.intent.steps[0], of: lines.intent)
            try await action.compensate(lines.intent, through: 0)
            let session = try await login(configuration)
            defer { session.close() }
            await expectReadOnly(session)
        }
    }

    @Test(arguments: [["component": "cache"], ["component": 1], ["key": "work_mem"]] as [[String: JSONValue]])
    func refusesWhatIsNotInTheSchema(_ parameters: [String: JSONValue]) async throws {
        try await with { bench, _, _ in
            let executor = try bench.executor()
            let error = await #expect(throws: ActionError.self) { try await executor.plan(action, parameters) }
            #expect(error?.code == .invalidParameters)
        }
    }
}
