import Glibc
import OpsModel
import OpsSystem
import OpsTestKit
import OpsTrust
import Testing

@testable import ActionPlane

/// With a real supervisor and real processes.
@Suite(.serialized) struct RestartServiceTests {
    private func with(_ body: (TargetBench, ActionBench) async throws -> Void) async throws {
        try await TargetBench.with(database: false) { world in
            let actions: [any RemediationAction] = [
                RestartService(world.target, steps: world.steps),
                RestartService(world.target, steps: world.steps, name: "restart-api", only: "api"),
            ]
            try await body(world, try ActionBench("\(world.directory)/action", actions))
        }
    }

    @Test func replacesOneInstanceAndLeavesTheOther() async throws {
        try await with { world, bench in
            let (first, second) = (try await world.identity("api-1"), try await world.identity("api-2"))
            let executor = try bench.executor()
            let result = try await bench.run(
                executor,
                "restart-service",
                ["component": "api", "instance": "api-1"]
            )
            #expect(result.state == .done, "\(result)")
            #expect(result.detail.at("postcheck.ready.api-1") == true)
            #expect(try await world.identity("api-1") != first)
            #expect(try await world.identity("api-2") == second)
        }
    }

    @Test func theAliasReplacesAllInTurnAndTwiceIsTwoRestarts() async throws {
        try await with { world, bench in
            let executor = try bench.executor()
            let first = try await world.identity("api-2")
            #expect(try await bench.run(executor, "restart-api").state == .done)
            let second = try await world.identity("api-2")
            #expect(second != first)
            #expect(try await bench.run(executor, "restart-api", ["instance": "api-2"]).state == .done)
            #expect(try await world.identity("api-2") != second)
        }
    }

    @Test func startsWhatIsDown() async throws {
        try await with { world, bench in
            let crashed = try #require(try await world.identity("api-1"))
            ProcessHandle(crashed)?.signal(SIGKILL)
            let end = ContinuousClock.now + .seconds(60)
            while try await world.identity("api-1") != nil {
                try #require(ContinuousClock.now < end)
                try await Task.sleep(for: .milliseconds(20))
            }
            let executor = try bench.executor()
            let plan = try await executor.plan("restart-api", ["instance": "api-1"])
            let state = plan.plan?.facts["process.api-1"]?["state"]?.stringValue
            #expect(["EXITED", "RUNNING", "STOPPING"].contains(state ?? ""))
            #expect(try await bench.run(executor, "restart-api", ["instance": "api-1"]).state == .done)
            #expect(try await world.identity("api-1") != nil)
        }
    }

    /// What is held still neither ends in order nor answers; three seconds of waiting for its supervisor's kill would show.
    @Test func replacesWhatIsHeldStill() async throws {
        try await with { world, bench in
            let frozen = try #require(try await world.freeze("api-1"))
            let executor = try bench.executor()
            let plan = try await executor.plan("restart-service", ["component": "api", "instance": "api-1"])
            #expect(plan.plan?.facts["process.api-1"]?["is_paused"] == true)
            let result = try await bench.run(executor, "restart-service", ["component": "api", "instance": "api-1"])
            #expect(result.state == .done, "\(result)")
            #expect(result.detail.at("postcheck.ready.api-1") == true)
            #expect(try await world.identity("api-1") != frozen)
            let log = try FileSystem.text("\(world.directory)/supervisord.log")
            #expect(log.contains("stopped: api-1 (terminated by SIGTERM)"))
            #expect(!log.contains("killing 'api-1'"))
        }
    }

    @Test func aProcessThatGoesOnByItselfMakesTheGrantVoid() async throws {
        try await with { world, bench in
            let frozen = try #require(try await world.freeze("api-1"))
            let executor = try bench.executor()
            let payload = try await bench.payload(executor, "restart-api", ["instance": "api-1"])
            ProcessHandle(frozen)?.signal(SIGCONT)
            try await world.until { try await !world.control.status(of: "api-1").isPaused }
            let grant = try Grant(payload, signedBy: bench.ann).text
            let result = try await executor.run(
                "restart-api",
                ActionRequest(grant: grant),
                principal: "gate",
                key: "k"
            )
            #expect(result.state == .notDone && result.detail["code"] == "facts_drifted")
            #expect(try await world.identity("api-1") == frozen)
        }
    }

    @Test func aProcessThatChangedMeanwhileMakesTheGrantVoid() async throws {
        try await with { world, bench in
            let executor = try bench.executor()
            let payload = try await bench.payload(executor, "restart-api", ["instance": "api-1"])
            try await world.control.stop("api-1")
            try await world.start(["api-1"])
            let live = try await world.identity("api-1")
            let grant = try Grant(payload, signedBy: bench.ann).text
            let result = try await executor.run(
                "restart-api",
                ActionRequest(grant: grant),
                principal: "gate",
                key: "k"
            )
            #expect(result.state == .notDone && result.detail["code"] == "facts_drifted")
            #expect(try await world.identity("api-1") == live)
        }
    }

    @Test func refusesOtherKindsAndStrangers() async throws {
        try await with { _, bench in
            let executor = try bench.executor()
            for parameters in [
                ["component": "db"], ["component": "payments"], ["component": "api", "instance": "web"], [:],
            ]
                as [[String: JSONValue]]
            {
                let error = await #expect(throws: ActionError.self) {
                    try await executor.plan("restart-service", parameters)
                }
                #expect(error?.code == .invalidParameters)
            }
        }
    }

    /// Dies before the stop, between stop and start, and after the start: never a second stop.
    @Test func aCrashAtEveryStepIsRecovered() async throws {
        try await with { world, bench in
            let action = bench.actions[1]
            let lines = try await JournalPrefixes.record(bench, action, ["instance": "api-1"])
            let before = try await world.identity("api-1")
            for prefix in lines.prefixes.prefix(3) {
                #expect(try await JournalPrefixes.recover(bench, prefix)?.state == .notDone)
            }
            #expect(try await world.identity("api-1") == before)
            try await action.perform(lines.intent.steps[0], of: lines.intent)
            #expect(
                try await JournalPrefixes.recover(bench, lines.prefixes[2])?.state == .done,
                "stopped, then started"
            )
            let after = try await world.identity("api-1")
            #expect(after != nil && after != before)
            #expect(try await JournalPrefixes.recover(bench, lines.prefixes[3])?.state == .done)
            #expect(try await world.identity("api-1") == after, "found done, not repeated")
        }
    }

    @Test func aCrashBetweenTwoInstancesIsAPersonsBusiness() async throws {
        try await with { world, bench in
            let action = bench.actions[1]
            let lines = try await JournalPrefixes.record(bench, action, [:])
            let second = try await world.identity("api-2")
            try await action.perform(lines.intent.steps[0], of: lines.intent)
            let result = try await JournalPrefixes.recover(bench, lines.prefixes[2])
            #expect(result?.state == .unknown)
            #expect(try await world.identity("api-1") != nil, "what was stopped is started")
            #expect(try await world.identity("api-2") == second, "what was not stopped is left alone")
        }
    }
}
