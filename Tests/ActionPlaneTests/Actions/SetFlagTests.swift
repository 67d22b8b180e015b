import OpsModel
import OpsPostgres
import OpsTestKit
import OpsTrust
import Testing

@testable import ActionPlane

/// Against a real server.
@Suite struct SetFlagTests {
    private let action = "set-flag"
    private let off: [String: JSONValue] = ["flag": "new-prices", "value": false]

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
            let person = try await PostgresConnection.connect(configuration)
            defer { person.close() }
            try await person.execute(
                script: """
                    CREATE TABLE feature_flags (name text PRIMARY KEY, enabled boolean NOT NULL,
                      updated_at timestamptz NOT NULL DEFAULT clock_timestamp(), updated_by text NOT NULL DEFAULT 'ann');
                    INSERT INTO feature_flags VALUES ('new-prices', true), ('old-prices', true);
                    """
            )
            try await body(try ActionBench(directory, [SetFlag(database, table: "feature_flags")]), person)
        }
    }

    private func isOn(_ flag: String, _ person: PostgresConnection) async throws -> Bool {
        try await person.query("SELECT enabled FROM feature_flags WHERE name = $1", [.text(flag)]).only().bool(
            "enabled"
        )
    }

    /// As somebody does who turns it over twice.
    private func touch(_ person: PostgresConnection) async throws {
        try await person.query("UPDATE feature_flags SET updated_at = clock_timestamp() WHERE name = 'new-prices'")
    }

    @Test func turnsTheOneFlagAndRefusesToDoItTwice() async throws {
        try await with { bench, person in
            let executor = try bench.executor()
            let plan = try await executor.plan(action, off)
            #expect(plan.plan?.diff.last == "+ new-prices: off")
            #expect(plan.plan?.resources == ["flag.db.new-prices"])
            let result = try await bench.run(executor, action, off)
            #expect(result.state == .done, "\(result)")
            #expect(try await !isOn("new-prices", person))
            #expect(try await isOn("old-prices", person))
            let by = try await person.query("SELECT updated_by FROM feature_flags WHERE name = 'new-prices'").only()
            #expect(by["updated_by"] == "operations")
            let again = try await bench.run(executor, action, off)
            #expect(again.state == .notDone && again.detail["code"] == "not_permitted", "it is off already")
            let back = try await bench.run(executor, action, ["flag": "new-prices", "value": true])
            #expect(back.state == .done, "\(back)")
            #expect(try await isOn("new-prices", person))
        }
    }

    @Test func doesNothingWhenSomebodyTurnedItMeanwhile() async throws {
        try await with { bench, person in
            let executor = try bench.executor()
            let grant = try Grant(try await bench.payload(executor, action, off), signedBy: bench.ann)
            try await touch(person)
            let request = ActionRequest(grant: grant.text, parameters: off)
            let result = try await executor.run(action, request, principal: "gate", key: "k")
            #expect(result.state == .notDone && result.detail["code"] == "facts_drifted", "\(result)")
            #expect(try await isOn("new-prices", person))
        }
    }

    @Test func theTransactionItselfComparesTheValue() async throws {
        try await with { bench, person in
            let action = try #require(bench.actions.first)
            let lines = try await JournalPrefixes.record(bench, action, off)
            try await touch(person)
            let error = await #expect(throws: ActionError.self) {
                try await action.perform(lines.intent.steps[0], of: lines.intent)
            }
            #expect(error?.code == .factsDrifted)
            #expect(try await isOn("new-prices", person))
        }
    }

    @Test func afterACrashItIsDoneOrNotDone() async throws {
        try await with { bench, person in
            let action = try #require(bench.actions.first)
            let lines = try await JournalPrefixes.record(bench, action, off)
            for prefix in lines.prefixes {
                #expect(try await JournalPrefixes.recover(bench, prefix)?.state == .notDone)
            }
            #expect(try await isOn("new-prices", person))
            try await action.perform(lines.intent.steps[0], of: lines.intent)
            let result = try await JournalPrefixes.recover(bench, try #require(lines.prefixes.last))
            #expect(result?.state == .done, "\(String(describing: result))")
            try await touch(person)
            let lost = try await JournalPrefixes.recover(bench, try #require(lines.prefixes.last))
            #expect(lost?.state == .unknown, "turned by somebody else since: \(String(describing: lost))")
        }
    }

    @Test func turnsBackOnlyItsOwn() async throws {
        try await with { bench, person in
            let action = try #require(bench.actions.first)
            let lines = try await JournalPrefixes.record(bench, action, off)
            try await action.perform(lines.intent.steps[0], of: lines.intent)
            try await action.compensate(lines.intent, through: 0)
            #expect(try await isOn("new-prices", person))
            #expect(try await action.state(of: lines.intent.steps[0], in: lines.intent) == .before)
            try await action.perform(lines.intent.steps[0], of: lines.intent)
            try await touch(person)
            try await action.compensate(lines.intent, through: 0)
            #expect(try await !isOn("new-prices", person), "somebody else has it now")
        }
    }

    @Test(
        arguments: [
            [:], ["flag": "new-prices"], ["value": false], ["flag": "new-prices", "value": "off"],
            ["flag": "x'; DROP TABLE feature_flags", "value": false], ["flag": 1, "value": false],
        ] as [[String: JSONValue]]
    )
    func refusesWhatIsNotInTheSchema(_ parameters: [String: JSONValue]) async throws {
        try await with { bench, _ in
            let executor = try bench.executor()
            let error = await #expect(throws: ActionError.self) { try await executor.plan(action, parameters) }
            #expect(error?.code == .invalidParameters)
        }
    }

    @Test func aFlagThatIsNotThereIsNotMade() async throws {
        try await with { bench, _ in
            let executor = try bench.executor()
            let error = await #expect(throws: ActionError.self) {
                try await executor.plan(action, ["flag": "other", "value": true])
            }
            #expect(error?.code == .notPermitted)
        }
    }
}
