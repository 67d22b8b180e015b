import OpsModel
import OpsRuntime
import OpsSystem
import OpsTestKit
import OpsTrust
import Testing

@testable import ActionPlane

/// With a real file, a real supervisor and real processes that read the file.
@Suite(.serialized) struct SwitchToFallbackTests {
    private func with(_ body: (TargetBench, ActionBench) async throws -> Void) async throws {
        try await TargetBench.with(database: false) { world in
            let action = SwitchToFallback(world.target, processes: world.steps)
            try await body(world, try ActionBench("\(world.directory)/action", [action]))
        }
    }

    @Test func switchesEveryUserAndKeepsTheOldVersion() async throws {
        try await with { world, bench in
            let old = try FileSystem.text(world.environmentPath)
            let executor = try bench.executor()
            let result = try await bench.run(executor, "switch-to-fallback", ["to": "fallback"])
            #expect(result.state == .done, "\(result)")
            for index in 0...1 {
                let seen = try await world.seen(by: index)
                #expect(seen["PAYMENTS_ACTIVE"] == "fallback")
            }
            #expect(try FileSystem.text(world.environmentPath) == old.replacing("=primary", with: "=fallback"))
            #expect(try FileSystem.text("\(world.directory)/history/000001.env") == old)
            let identity = try await world.identity("api-1")
            let again = try await bench.run(executor, "switch-to-fallback", ["to": "fallback"])
            #expect(again.state == .done && again.message.contains("already"))
            #expect(try await world.identity("api-1") == identity, "nothing to do restarts nobody")
            let back = try await bench.run(executor, "switch-to-fallback", ["to": "primary"])
            #expect(back.state == .done)
            #expect(try FileSystem.text(world.environmentPath) == old)
        }
    }

    @Test func goesBackWhenAUserDoesNotComeUp() async throws {
        try await with { world, bench in
            let old = try FileSystem.text(world.environmentPath)
            try FileSystem.writeAtomically("", to: "\(world.directory)/refuse-fallback")
            let executor = try bench.executor()
            let result = try await bench.run(executor, "switch-to-fallback", ["to": "fallback"])
            #expect(result.state == .compensated, "\(result)")
            #expect(try FileSystem.text(world.environmentPath) == old)
            let seen = try await world.seen(by: 0)
            #expect(seen["PAYMENTS_ACTIVE"] == "primary")
            try FileSystem.remove("\(world.directory)/refuse-fallback")
            #expect(
                try await bench.run(executor, "switch-to-fallback").state == .done,
                "and again after the compensation"
            )
        }
    }

    @Test func somebodyElsesChangeMakesTheGrantVoid() async throws {
        try await with { world, bench in
            let executor = try bench.executor()
            let payload = try await bench.payload(executor, "switch-to-fallback")
            let theirs = try FileSystem.text(world.environmentPath).replacing("DB_POOL=10", with: "DB_POOL=11")
            try FileSystem.writeAtomically(theirs, to: world.environmentPath)
            let grant = try Grant(payload, signedBy: bench.ann).text
            let result = try await executor.run(
                "switch-to-fallback",
                ActionRequest(grant: grant),
                principal: "gate",
                key: "k"
            )
            #expect(result.state == .notDone && result.detail["code"] == "facts_drifted")
            #expect(try FileSystem.text(world.environmentPath) == theirs)
        }
    }

    /// A crash or a restart that is under way holds its process; the rollout neither begins beside it nor is upset by it.
    @Test(arguments: ["api-1", "api-2"]) func holdsTheProcessesThatItRestarts(_ program: String) async throws {
        try await with { world, bench in
            let executor = try bench.executor()
            let plan = try await executor.plan("switch-to-fallback", [:])
            #expect(
                plan.plan?.resources == [
                    "config.shop.env", "process.api-1", "process.api-2", "provider.payments",
                ]
            )
            let before = (try await world.identity("api-1"), try await world.identity("api-2"))
            let locks = try await bench.shared.lock([.process(program)], within: .seconds(1))
            let result = try await bench.run(executor, "switch-to-fallback")
            #expect(result.state == .notDone && result.detail["code"] == "resource_busy", "\(result)")
            #expect(try await world.identity("api-1") == before.0)
            #expect(try await world.identity("api-2") == before.1)
            for lock in locks { lock.release() }
            #expect(try await bench.run(executor, "switch-to-fallback").state == .done)
            let claim = bench.shared.claim(.process(program))
            #expect(claim?.state == .done && claim?.fingerprint == nil, "a process has no value to own")
        }
    }

    /// Dies after each step in turn: what began goes on to its end, and no step happens twice.
    @Test func rollsForwardFromEveryStep() async throws {
        try await with { world, bench in
            let action = bench.actions[0]
            let steps = try await JournalPrefixes.record(bench, action, ["to": "fallback"]).intent.steps.count
            var wanted = "fallback"
            for crash in [1, 2, 3, steps - 1] {
                let lines = try await JournalPrefixes.record(bench, action, ["to": .string(wanted)])
                for step in lines.intent.steps.prefix(crash) { try await action.perform(step, of: lines.intent) }
                let result = try await JournalPrefixes.recover(bench, lines.prefixes[crash])
                #expect(result?.state == .done, "crash after \(crash) steps: \(String(describing: result))")
                for index in 0...1 {
                    let seen = try await world.seen(by: index)
                    #expect(seen["PAYMENTS_ACTIVE"] == .string(wanted))
                }
                wanted = wanted == "fallback" ? "primary" : "fallback"
            }
        }
    }
}
