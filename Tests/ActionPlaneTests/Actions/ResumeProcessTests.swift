import Glibc
import OpsModel
import OpsSystem
import OpsTestKit
import OpsTrust
import Testing

@testable import ActionPlane

/// With a real supervisor and real processes.
@Suite(.serialized) struct ResumeProcessTests {
    private let first: [String: JSONValue] = ["component": "api", "instance": "api-1"]

    private func with(_ body: (TargetBench, ActionBench) async throws -> Void) async throws {
        try await TargetBench.with(database: false) { world in
            let action = ResumeProcess(world.target, steps: world.steps)
            try await body(world, try ActionBench("\(world.directory)/action", [action]))
        }
    }

    @Test func theSameProcessGoesOn() async throws {
        try await with { world, bench in
            let frozen = try #require(try await world.freeze("api-1"))
            let executor = try bench.executor()
            let plan = try await executor.plan("resume-process", first)
            #expect(plan.plan?.diff == ["- api-1: held still", "+ api-1: goes on"])
            let result = try await bench.run(executor, "resume-process", first)
            #expect(result.state == .done, "\(result)")
            #expect(result.detail.at("postcheck.ready.api-1") == true)
            #expect(try await world.identity("api-1") == frozen)
            #expect(try await !world.control.status(of: "api-1").isPaused)
        }
    }

    @Test func withoutAnInstanceAllThatAreHeldStill() async throws {
        try await with { world, bench in
            _ = try #require(try await world.freeze("api-2"))
            let executor = try bench.executor()
            let result = try await bench.run(executor, "resume-process", ["component": "api"])
            #expect(result.state == .done, "\(result)")
            #expect(try await !world.control.status(of: "api-2").isPaused)
            #expect(result.detail.at("postcheck.ready.api-1") == nil, "nothing was done to it")
        }
    }

    @Test func whatRunsNeedsNothing() async throws {
        try await with { _, bench in
            let executor = try bench.executor()
            #expect(try await executor.plan("resume-process", first).plan?.refusals.isEmpty == false)
            let result = try await bench.run(executor, "resume-process", first)
            #expect(result.state == .notDone && result.detail["code"] == "not_permitted")
        }
    }

    @Test func oneThatWasReplacedMeanwhileIsLeftAlone() async throws {
        try await with { world, bench in
            _ = try #require(try await world.freeze("api-1"))
            let executor = try bench.executor()
            let grant = try Grant(try await bench.payload(executor, "resume-process", first), signedBy: bench.ann)
            try await world.control.stop("api-1")
            try await world.control.start("api-1")
            let again = try #require(try await world.freeze("api-1"))
            let request = ActionRequest(grant: grant.text)
            let result = try await executor.run("resume-process", request, principal: "gate", key: "k")
            #expect(result.state == .notDone && result.detail["code"] == "facts_drifted")
            #expect(try await world.control.status(of: "api-1").isPaused)
            ProcessHandle(again)?.signal(SIGCONT)
        }
    }

    @Test func afterACrashTheWorldSaysWhetherItHappened() async throws {
        try await with { world, bench in
            let frozen = try #require(try await world.freeze("api-1"))
            let action = try #require(bench.actions.first)
            let lines = try await JournalPrefixes.record(bench, action, first)
            for prefix in lines.prefixes {
                #expect(try await JournalPrefixes.recover(bench, prefix)?.state == .notDone)
            }
            #expect(try await world.control.status(of: "api-1").isPaused)
            try await action.perform(lines.intent.steps[0], of: lines.intent)
            #expect(try await JournalPrefixes.recover(bench, lines.prefixes.last ?? [])?.state == .done)
            #expect(try await world.identity("api-1") == frozen)
            #expect(try await !world.control.status(of: "api-1").isPaused)
        }
    }

    @Test(arguments: [[:], ["component": "db"], ["component": "api", "instance": "api-9"]] as [[String: JSONValue]])
    func refusesWhatIsNotInTheSchema(_ parameters: [String: JSONValue]) async throws {
        try await with { _, bench in
            let executor = try bench.executor()
            let error = await #expect(throws: ActionError.self) {
                try await executor.plan("resume-process", parameters)
            }
            #expect(error?.code == .invalidParameters)
        }
    }
}
