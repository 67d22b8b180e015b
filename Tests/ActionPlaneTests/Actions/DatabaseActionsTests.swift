import Glibc
import OpsModel
import OpsPostgres
import OpsSystem
import OpsTestKit
import OpsTrust
import Testing

@testable import ActionPlane

/// Restarting a real server under a real supervisor, and changing a real role's password.
@Suite(.serialized) struct DatabaseActionsTests {
    private func with(_ body: (TargetBench, ActionBench, Target.Database) async throws -> Void) async throws {
        try await TargetBench.with(database: true) { world in
            let database = try #require(world.target.database)
            let clusters = ClusterMemory(path: "\(world.directory)/cluster") { "1" }
            let actions: [any RemediationAction] = [
                RestartDatabase(database, control: world.control, clusters: clusters),
                RegenerateEnvironment(
                    world.target,
                    database,
                    processes: world.steps,
                    secrets: StagedSecrets(directory: "\(world.directory)/staged")
                ),
            ]
            let desk = DatabaseDesk(configuration: database.administration)
            _ = try await desk.query("CREATE ROLE shop LOGIN PASSWORD 'old'")
            try await body(world, try ActionBench("\(world.directory)/action", actions), database)
        }
    }

    private func eventually(_ condition: () async throws -> Bool) async throws {
        let end = ContinuousClock.now + .seconds(60)
        while try await !condition() {
            try #require(ContinuousClock.now < end)
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    private func canLogIn(_ database: Target.Database, _ password: String) async -> Bool {
        var login = database.administration
        (login.host, login.user, login.password) = (database.host, "shop", password)
        return (try? await DatabaseDesk(configuration: login).query("SELECT 1")) != nil  // refused is the answer
    }

    private func password(_ world: TargetBench) throws -> String {
        EnvironmentFile(text: try FileSystem.text(world.environmentPath))["DB_PASSWORD"] ?? ""
    }

    @Test func restartsTheServerAndFindsTheSameCluster() async throws {
        try await with { world, bench, _ in
            let before = try await world.identity("db")
            let executor = try bench.executor()
            let result = try await bench.run(executor, "restart-db")
            #expect(result.state == .done, "\(result)")
            #expect(try await world.identity("db") != before)
            #expect(result.plan?.facts["system_identifier"] == result.detail.at("postcheck.system_identifier"))
            #expect(try await bench.run(executor, "restart-db").state == .done, "twice is two restarts")
        }
    }

    @Test func startsAServerThatWasKilled() async throws {
        try await with { world, bench, _ in
            let executor = try bench.executor()
            _ = try await executor.plan("restart-db", [:])
            let killed = try #require(try await world.identity("db"))
            ProcessHandle(killed)?.signal(SIGKILL)
            try await eventually { try await world.identity("db") == nil }
            let result = try await bench.run(executor, "restart-db")
            #expect(result.state == .done, "\(result)")
        }
    }

    /// Nobody ever prepared a restart before the server was killed.
    @Test func startsAServerThatWasKilledBeforeAnybodyAsked() async throws {
        try await with { world, _, database in
            let clusters = ClusterMemory(path: "\(world.directory)/learnt") { "1" }
            let action = RestartDatabase(database, control: world.control, clusters: clusters)
            let server = try #require(try await world.identity("db"))
            ProcessHandle(server)?.signal(SIGKILL)
            try await eventually { try await world.identity("db") == nil }
            #expect(try await action.prepare([:]).plan.refusals.count == 1)
            let witness = Task {
                try await ClusterWitness(
                    database: database.administration,
                    clusters: clusters,
                    pause: .milliseconds(20)
                ).run()
            }
            defer { witness.cancel() }
            try await eventually {
                try await world.control.start(database.program)  // its children may still hold its memory
                return clusters.known != nil
            }
            #expect(try await action.prepare([:]).plan.refusals.isEmpty)
        }
    }

    @Test func neverTouchesTheClusterOfOurOwnRecords() async throws {
        try await with { world, _, database in
            let desk = DatabaseDesk(configuration: database.administration)
            let identifier: String? = try await desk.query(
                "SELECT system_identifier::text AS i FROM pg_control_system()"
            ).first?["i"]
            for own in [identifier, nil] {
                let clusters = ClusterMemory(path: "\(world.directory)/other") { own }
                let action = RestartDatabase(database, control: world.control, clusters: clusters)
                let prepared = try await action.prepare([:])
                #expect(!prepared.plan.refusals.isEmpty)
            }
        }
    }

    @Test func aCrashBetweenStopAndStartEndsWithTheStart() async throws {
        try await with { world, bench, _ in
            let action = bench.actions[0]
            let lines = try await JournalPrefixes.record(bench, action, [:])
            #expect(try await JournalPrefixes.recover(bench, lines.prefixes[2])?.state == .notDone)
            try await action.perform(lines.intent.steps[0], of: lines.intent)
            #expect(try await world.identity("db") == nil)
            let result = try await JournalPrefixes.recover(bench, lines.prefixes[2])
            #expect(result?.state == .done, "\(String(describing: result))")
        }
    }

    @Test func regeneratesRoleFileAndProcessesTogether() async throws {
        try await with { world, bench, database in
            let executor = try bench.executor()
            let plan = try await executor.plan("regenerate-env", [:])
            #expect(
                plan.plan?.resources == ["config.shop.env", "process.api-1", "process.api-2", "role.db.shop"]
            )
            let result = try await bench.run(executor, "regenerate-env")
            #expect(result.state == .done, "\(result)")
            let new = try password(world)
            #expect(new != "old" && new.utf8.count == 32)
            #expect(await canLogIn(database, new))
            #expect(await !canLogIn(database, "old"))
            for index in 0...1 {
                let seen = try await world.seen(by: index)
                #expect(seen["DB_PASSWORD"] == .string(new))
            }
            let told = try OpsJSON.string(result) + OpsJSON.string(plan)
            #expect(!told.contains(new) && !told.contains("SCRAM-SHA-256"), "no secret in any answer")
            #expect(!(try FileSystem.text("\(bench.directory)/journal/journal.log")).contains(new))
            #expect(try FileSystem.list("\(world.directory)/staged").isEmpty)
            #expect(try await bench.run(executor, "regenerate-env").state == .done)
            #expect(try password(world) != new)
        }
    }

    @Test func everythingGoesBackWhenAUserDoesNotComeUp() async throws {
        try await with { world, bench, database in
            try FileSystem.writeAtomically("", to: "\(world.directory)/refuse-primary")
            let old = try FileSystem.text(world.environmentPath)
            let executor = try bench.executor()
            let result = try await bench.run(executor, "regenerate-env")
            #expect(result.state == .compensated, "\(result)")
            #expect(try FileSystem.text(world.environmentPath) == old)
            #expect(await canLogIn(database, "old"))
            try FileSystem.remove("\(world.directory)/refuse-primary")
            #expect(try await bench.run(executor, "regenerate-env").state == .done, "and again after the compensation")
        }
    }

    @Test func repairsAPasswordThatSomebodyElseChanged() async throws {
        try await with { world, bench, database in
            _ = try await DatabaseDesk(configuration: database.administration).query(
                "ALTER ROLE shop PASSWORD 'theirs'"
            )
            #expect(await !canLogIn(database, "old"))
            let result = try await bench.run(try bench.executor(), "regenerate-env")
            #expect(result.state == .done, "\(result)")
            #expect(await canLogIn(database, try password(world)))
        }
    }

    /// Dies after each step in turn; the secret that was put aside carries it to the end.
    @Test(arguments: [1, 2, 3, 5]) func rollsForwardFromEveryStep(_ crash: Int) async throws {
        try await with { world, bench, database in
            let action = bench.actions[1]
            let lines = try await JournalPrefixes.record(bench, action, [:])
            for step in lines.intent.steps.prefix(crash) { try await action.perform(step, of: lines.intent) }
            let result = try await JournalPrefixes.recover(bench, lines.prefixes[crash])
            #expect(result?.state == .done, "\(String(describing: result))")
            #expect(await canLogIn(database, try password(world)))
            let seen = try await world.seen(by: 1)
            #expect(seen["DB_PASSWORD"] == .string(try password(world)))
        }
    }

    @Test func dyingBeforeTheRoleWasChangedChangesNothing() async throws {
        try await with { world, bench, database in
            let lines = try await JournalPrefixes.record(bench, bench.actions[1], [:])
            let result = try await JournalPrefixes.recover(bench, lines.prefixes[2])
            #expect(result?.state == .notDone)
            #expect(await canLogIn(database, "old"))
            #expect(try FileSystem.list("\(world.directory)/staged").isEmpty, "the unused secret is removed")
        }
    }
}
