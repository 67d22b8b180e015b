import OpsModel
import OpsRuntime
import OpsSystem
import OpsTestKit
import Testing

@testable import ActionPlane

/// With a real file, a real supervisor and real processes that read the file.
@Suite(.serialized) struct FileRollbackTests {
    private let action = "rollback-config"
    private let parameters: [String: JSONValue] = ["component": "api"]

    private func with(_ body: (TargetBench, ActionBench) async throws -> Void) async throws {
        try await TargetBench.with(database: false) { world in
            let action = RollbackConfiguration(world.target, processes: world.steps)
            try await body(world, try ActionBench("\(world.directory)/action", [action]))
        }
    }

    /// What somebody does who deploys: the version before goes into the history, and everybody reads the new one.
    private func deploy(_ change: (String) -> String, _ world: TargetBench) async throws -> String {
        let old = try EnvironmentFile(path: world.environmentPath)
        let new = change(old.text)
        let history = ConfigurationHistory(directory: "\(world.directory)/history")
        try history.keep(old.bytes, sha256: old.hash, author: "deploy")
        try FileSystem.writeAtomically(new, to: world.environmentPath)
        for program in ["api-1", "api-2"] {
            try await world.control.stop(program)
            try await world.control.start(program)
        }
        return old.text
    }

    @Test func goesBackToTheVersionBefore() async throws {
        try await with { world, bench in
            let old = try await deploy({ $0.replacing("DB_POOL=10", with: "DB_POOL=1") }, world)
            let executor = try bench.executor()
            let plan = try await executor.plan(action, parameters)
            #expect(plan.plan?.diff == ["- DB_POOL=1", "+ DB_POOL=10"])
            #expect(plan.plan?.resources == ["config.shop.env", "process.api-1", "process.api-2"])
            let result = try await bench.run(executor, action, parameters)
            #expect(result.state == .done, "\(result)")
            #expect(try FileSystem.text(world.environmentPath) == old)
            for index in 0...1 {
                let seen = try await world.seen(by: index)
                #expect(seen["DB_POOL"] == "10")
            }
        }
    }

    /// A comment is no change of settings, and a secret of before is nobody's any more.
    @Test func looksPastCommentsAndKeepsSecrets() async throws {
        try await with { world, bench in
            _ = try await deploy({ $0.replacing("DB_POOL=10", with: "DB_POOL=1") }, world)
            _ = try await deploy({ $0.replacing("DB_PASSWORD=old", with: "DB_PASSWORD=new") + "# release 2\n" }, world)
            let executor = try bench.executor()
            let plan = try await executor.plan(action, parameters)
            #expect(plan.plan?.diff == ["- DB_POOL=1", "+ DB_POOL=10"])
            #expect(try await bench.run(executor, action, parameters).state == .done)
            let file = try EnvironmentFile(path: world.environmentPath)
            #expect(file["DB_POOL"] == "10" && file["DB_PASSWORD"] == "new")
        }
    }

    @Test func refusesWhereThereIsNothingToGoBackTo() async throws {
        try await with { world, bench in
            let plan = try await bench.executor().plan(action, parameters)
            #expect(plan.state == .refused && plan.message.contains("shop.env"), "\(plan)")
        }
    }

    /// Names are looked up for every call: nobody has to start anew.
    @Test func goesBackToTheHostsOfBefore() async throws {
        try await with { world, bench in
            let hosts = parameters.merging(["config": "hosts"]) { $1 }
            let executor = try bench.executor()
            let refused = try await executor.plan(action, hosts)
            #expect(refused.state == .refused && refused.message.contains("shop.hosts"), "\(refused)")
            let path = "\(world.directory)/shop.hosts"
            let old = try EnvironmentFile(path: path)
            try ConfigurationHistory(directory: "\(world.directory)/names")
                .keep(old.bytes, sha256: old.hash, author: "deploy")
            try FileSystem.writeAtomically("pay-a=127.0.53.7\n", to: path)
            let before = try await world.identity("api-1")
            let plan = try await executor.plan(action, hosts)
            #expect(plan.plan?.diff == ["- pay-a=127.0.53.7", "+ pay-a=127.0.0.1"])
            #expect(plan.plan?.resources == ["config.shop.hosts"])
            #expect(try await bench.run(executor, action, hosts).state == .done)
            #expect(try FileSystem.text(path) == old.text)
            #expect(try await world.identity("api-1") == before)
            // Its settings are another file, and that one was not changed.
            #expect(try await executor.plan(action, parameters).state == .refused)
            await #expect(throws: ActionError.self) {
                _ = try await executor.plan(action, parameters.merging(["config": "names"]) { $1 })
            }
            await #expect(throws: ActionError.self) { _ = try await executor.plan(action, ["config": "hosts"]) }
        }
    }

    @Test func goesBackWhenAUserDoesNotComeUp() async throws {
        try await with { world, bench in
            _ = try await deploy({ $0.replacing("PAYMENTS_ACTIVE=primary", with: "PAYMENTS_ACTIVE=fallback") }, world)
            let bad = try FileSystem.text(world.environmentPath)
            try FileSystem.writeAtomically("", to: "\(world.directory)/refuse-primary")
            let result = try await bench.run(try bench.executor(), action, parameters)
            #expect(result.state == .compensated, "\(result)")
            #expect(try FileSystem.text(world.environmentPath) == bad)
        }
    }

    /// Dies after each step in turn: what began goes on to its end.
    @Test func rollsForwardFromEveryStep() async throws {
        try await with { world, bench in
            let action = bench.actions[0]
            for (crash, pool) in [1, 2, 5].enumerated().map({ ($1, "DB_POOL=\($0 + 1)\n") }) {
                _ = try await deploy({ $0.replacing("DB_POOL=10\n", with: pool) }, world)
                let lines = try await JournalPrefixes.record(bench, action, parameters)
                for step in lines.intent.steps.prefix(crash) { try await action.perform(step, of: lines.intent) }
                let result = try await JournalPrefixes.recover(bench, lines.prefixes[crash])
                #expect(result?.state == .done, "crash after \(crash) steps: \(String(describing: result))")
                for index in 0...1 {
                    let seen = try await world.seen(by: index)
                    #expect(seen["DB_POOL"] == "10")
                }
            }
        }
    }
}
