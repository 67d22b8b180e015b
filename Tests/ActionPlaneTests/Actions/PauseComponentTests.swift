import Glibc
import OpsModel
import OpsSystem
import OpsTestKit
import OpsTrust
import Testing

@testable import ActionPlane

/// With a real supervisor and real processes.
@Suite(.serialized) struct PauseComponentTests {
    private let api: [String: JSONValue] = ["component": "api"]

    private func with(_ body: (TargetBench, ActionBench) async throws -> Void) async throws {
        try await TargetBench.with(database: false) { world in
            var target = world.target
            target.processes[0].isPausable = true
            let action = PauseComponent(target, steps: world.steps)
            try await body(world, try ActionBench("\(world.directory)/action", [action]))
        }
    }

    @Test func stopsEveryInstanceAndASecondTimeFindsNothing() async throws {
        try await with { world, bench in
            let executor = try bench.executor()
            let plan = try await executor.plan("pause-component", api)
            #expect(plan.plan?.diff.last == "+ api-2: down until somebody starts it")
            let result = try await bench.run(executor, "pause-component", api)
            #expect(result.state == .done, "\(result)")
            #expect(try await world.identity("api-1") == nil)
            #expect(try await world.identity("api-2") == nil)
            let again = try await bench.run(executor, "pause-component", api)
            #expect(again.state == .notDone && again.detail["code"] == "not_permitted")
        }
    }

    @Test func leavesAProcessAloneThatBeganMeanwhile() async throws {
        try await with { world, bench in
            let executor = try bench.executor()
            let grant = try Grant(try await bench.payload(executor, "pause-component", api), signedBy: bench.ann)
            try await world.control.stop("api-2")
            try await world.control.start("api-2")
            let request = ActionRequest(grant: grant.text)
            let result = try await executor.run("pause-component", request, principal: "gate", key: "k")
            #expect(result.state == .notDone && result.detail["code"] == "facts_drifted")
            #expect(try await world.identity("api-1") != nil)
            #expect(try await world.identity("api-2") != nil)
        }
    }

    @Test func afterACrashItIsNotDoneOrGoesForward() async throws {
        try await with { world, bench in
            let action = try #require(bench.actions.first)
            let lines = try await JournalPrefixes.record(bench, action, api)
            for prefix in lines.prefixes {
                #expect(try await JournalPrefixes.recover(bench, prefix)?.state == .notDone)
            }
            try await action.perform(lines.intent.steps[0], of: lines.intent)
            for prefix in lines.prefixes.suffix(2) {
                #expect(try await JournalPrefixes.recover(bench, prefix)?.state == .done)
            }
            #expect(try await world.identity("api-2") == nil)
        }
    }

    @Test func whoeverStartedItMeanwhileEndedThePause() async throws {
        try await with { world, bench in
            let action = try #require(bench.actions.first)
            let lines = try await JournalPrefixes.record(bench, action, api)
            try await action.perform(lines.intent.steps[0], of: lines.intent)
            try await world.start(["api-1"])
            #expect(try await JournalPrefixes.recover(bench, lines.prefixes.last ?? [])?.state == .unknown)
            #expect(try await world.identity("api-1") != nil)
        }
    }

    @Test func startsWhatItHasStopped() async throws {
        try await with { world, bench in
            let action = try #require(bench.actions.first)
            let lines = try await JournalPrefixes.record(bench, action, api)
            try await action.perform(lines.intent.steps[0], of: lines.intent)
            try await action.compensate(lines.intent, through: 0)
            #expect(try await world.identity("api-1") != nil)
        }
    }

    @Test(arguments: [[:], ["component": "db"], ["component": "api", "instance": "api-1"]] as [[String: JSONValue]])
    func refusesWhatIsNotInTheSchema(_ parameters: [String: JSONValue]) async throws {
        try await with { _, bench in
            let executor = try bench.executor()
            let error = await #expect(throws: ActionError.self) {
                try await executor.plan("pause-component", parameters)
            }
            #expect(error?.code == .invalidParameters)
        }
    }
}
