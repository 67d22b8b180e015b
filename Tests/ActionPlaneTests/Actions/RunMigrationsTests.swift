import OpsModel
import OpsPostgres
import OpsSystem
import OpsTestKit
import OpsTrust
import Testing

@testable import ActionPlane

/// Against a real server, with the shop's own migrations.
@Suite struct RunMigrationsTests {
    private let action = "run-migrations"

    /// A database at the newest step.
    private func with(_ body: (ActionBench, PostgresConnection) async throws -> Void) async throws {
        let configuration = try await PostgresFixture.shared.database()
        try await TemporaryDirectory.with { directory in
            let migrations = try #require(
                SchemaMigrations(declared: ["TargetServer", "migrate"], in: configuration)
            )
            _ = try await migrations.advance(repairing: false)
            let connection = try await PostgresConnection.connect(configuration)
            defer { connection.close() }
            let database = Target.Database(
                component: "db",
                program: "db",
                administration: configuration,
                host: configuration.host,
                port: configuration.port,
                migrations: migrations
            )
            try await body(try ActionBench(directory, [RunMigrations(database, migrations)]), connection)
        }
    }

    private func takeBack(_ connection: PostgresConnection, withRow: Bool = true) async throws {
        try await connection.execute(
            script: "ALTER TABLE orders RENAME remark TO note;"
                + (withRow ? "DELETE FROM schema_migrations WHERE name = 'order remarks'" : "")
        )
    }

    private func isWhole(_ connection: PostgresConnection) async throws -> Bool {
        let steps = try await connection.query("SELECT FROM schema_migrations WHERE name = 'order remarks'")
        let columns = try await connection.query(
            "SELECT FROM pg_attribute WHERE attrelid = 'orders'::regclass AND attname = 'remark'"
        )
        return !steps.isEmpty && !columns.isEmpty
    }

    @Test func appliesThePendingStepOnceAndHasNothingToDoThen() async throws {
        try await with { bench, connection in
            try await takeBack(connection)
            let executor = try bench.executor()
            let plan = try await executor.plan(action, ["component": "db"])
            #expect(plan.plan?.diff.count == 1 && plan.plan?.diff.first?.hasSuffix(" order remarks") == true)
            #expect(try await isWhole(connection) == false, "a plan changes nothing")
            let result = try await bench.run(executor, action)
            #expect(result.state == .done, "\(result)")
            #expect(try await isWhole(connection))
            #expect(try await executor.plan(action, [:]).state == .refused)
        }
    }

    @Test func makesAColumnNameAndAnIndexAgainOnlyWhenAskedTo() async throws {
        try await with { bench, connection in
            try await takeBack(connection, withRow: false)
            try await connection.query("DROP INDEX orders_customer")
            let executor = try bench.executor()
            #expect(try await executor.plan(action, ["repair": false]).state == .refused)
            let plan = try await executor.plan(action, [:])
            #expect(plan.plan?.diff == ["+ db: orders.remark", "+ db: orders_customer"])
            #expect(try await bench.run(executor, action, ["repair": true]).state == .done)
            #expect(try await isWhole(connection))
        }
    }

    @Test func aLostTableIsNamedAndNotMade() async throws {
        try await with { bench, connection in
            try await connection.query("DROP TABLE sales_history")
            let plan = try await bench.executor().plan(action, [:])
            #expect(plan.state == .refused)
            #expect(plan.message.contains("sales_history"))
            let left = try await connection.query("SELECT to_regclass('sales_history') IS NULL AS gone").only()
            #expect(try left.bool("gone"))
        }
    }

    @Test func doesNothingWhenTheSchemaChangedMeanwhile() async throws {
        try await with { bench, connection in
            try await takeBack(connection)
            let executor = try bench.executor()
            let grant = try Grant(try await bench.payload(executor, action), signedBy: bench.ann)
            try await connection.execute(
                script: "DROP TABLE feature_flags; DELETE FROM schema_migrations WHERE number = 4"
            )
            let request = ActionRequest(grant: grant.text)
            let result = try await executor.run(action, request, principal: "gate", key: "k")
            #expect(result.state == .notDone && result.detail["code"] == "facts_drifted")
            #expect(try await isWhole(connection) == false)
        }
    }

    @Test func afterACrashItIsNotDoneOrGoesForward() async throws {
        try await with { bench, connection in
            try await takeBack(connection)
            let action = try #require(bench.actions.first)
            let lines = try await JournalPrefixes.record(bench, action, [:])
            let first = try #require(lines.prefixes.first)
            #expect(try await JournalPrefixes.recover(bench, first)?.state == .notDone)
            #expect(try await isWhole(connection) == false)
            let last = try #require(lines.prefixes.last)
            try await action.perform(lines.intent.steps[0], of: lines.intent)
            #expect(try await JournalPrefixes.recover(bench, last)?.state == .done)
            #expect(try await isWhole(connection))
        }
    }

    @Test func aProgramThatIsNotThereIsUnsupported() async throws {
        let configuration = try await PostgresFixture.shared.database()
        let migrations = try #require(SchemaMigrations(declared: ["Nobody", "migrate"], in: configuration))
        let database = Target.Database(
            component: "db",
            program: "db",
            administration: configuration,
            host: configuration.host,
            port: configuration.port,
            migrations: migrations
        )
        let prepared = try await RunMigrations(database, migrations).prepare([:])
        #expect(prepared.plan.refusals.first?.hasPrefix("unsupported here") == true)
        #expect(SchemaMigrations(declared: [], in: configuration) == nil)
    }

    @Test(arguments: [["component": "cache"], ["repair": "yes"], ["step": 4]] as [[String: JSONValue]])
    func refusesWhatIsNotInTheSchema(_ parameters: [String: JSONValue]) async throws {
        try await with { bench, _ in
            let executor = try bench.executor()
            let error = await #expect(throws: ActionError.self) { try await executor.plan(action, parameters) }
            #expect(error?.code == .invalidParameters)
        }
    }
}
