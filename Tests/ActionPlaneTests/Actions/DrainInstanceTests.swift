import OpsHTTP
import OpsModel
import OpsSystem
import OpsTestKit
import OpsTrust
import Testing

@testable import ActionPlane

/// With the shop's own front before two real processes, all under a real supervisor.
@Suite(.serialized) struct DrainInstanceTests {
    private let name = "drain-instance"
    private let first: [String: JSONValue] = ["component": "api", "instance": "api-1"]
    private let back: [String: JSONValue] = ["component": "api", "instance": "api-1", "back": true]

    private func with(_ body: (TargetBench, ActionBench, HTTPRotation) async throws -> Void) async throws {
        try await TargetBench.with(database: false) { world in
            let front = try #require(world.target.balancer)
            try await startFront(world, front)
            let rotation = HTTPRotation(url: front.url, keyFile: "\(world.directory)/key")
            let action = try #require(DrainInstance(world.target, rotation, control: world.control))
            try await body(world, try ActionBench("\(world.directory)/action", [action]), rotation)
        }
    }

    private func startFront(_ world: TargetBench, _ front: Target.Balancer) async throws {
        try await world.control.start(front.program)
        try #require(await HTTPReadiness().isReady(front.url, within: .seconds(20)))
    }

    /// Which instances answered so many requests to the front.
    private func answering(_ world: TargetBench, _ requests: Int) async throws -> Set<String> {
        let url = try #require(world.target.balancer?.url)
        var seen: Set<String> = []
        for _ in 0..<requests {
            let answer = try await HTTPClient().send(HTTPClientRequest(method: .get, url: "\(url)/api/seen"))
            answer.headers["X-Instance"].map { _ = seen.insert($0) }
        }
        return seen
    }

    @Test func nothingMoreIsSentThereUntilItIsTakenBack() async throws {
        try await with { world, bench, _ in
            #expect(try await answering(world, 10) == ["api-1", "api-2"])
            let executor = try bench.executor()
            let plan = try await executor.plan(name, first)
            #expect(plan.plan?.blastRadius == "api-2 carries all requests of api")
            #expect(try await answering(world, 10).count == 2, "a plan changes nothing")
            let result = try await bench.run(executor, name, first)
            #expect(result.state == .done, "\(result)")
            #expect(result.detail.at("postcheck.places.api-1") == "draining")
            #expect(try await answering(world, 10) == ["api-2"])
            let again = try await bench.run(executor, name, first)
            #expect(again.state == .notDone && again.detail["code"] == "not_permitted")
            #expect(try await bench.run(executor, name, back).state == .done)
            #expect(try await answering(world, 10) == ["api-1", "api-2"])
        }
    }

    @Test func theLastOneThatServesIsNeverTakenOut() async throws {
        try await with { _, bench, rotation in
            try await rotation.set("api-2", isDraining: true)
            let executor = try bench.executor()
            #expect(
                try await executor.plan(name, first).plan?.refusals == ["no other instance of api answers as it should"]
            )
            let result = try await bench.run(executor, name, first)
            #expect(result.state == .notDone && result.detail["code"] == "not_permitted")
        }
    }

    @Test func whatIsSuspectDoesNotCountAsServing() async throws {
        try await with { world, bench, rotation in
            try await world.control.stop("api-2")
            try await world.until {
                _ = try await answering(world, 4)
                return try await rotation.places()["api-2"] == .suspect
            }
            #expect(try await bench.executor().plan(name, first).plan?.refusals.isEmpty == false)
        }
    }

    @Test func aFrontThatStartedAnewMakesTheGrantVoid() async throws {
        try await with { world, bench, rotation in
            let front = try #require(world.target.balancer)
            let executor = try bench.executor()
            let grant = try Grant(try await bench.payload(executor, name, first), signedBy: bench.ann)
            try await world.control.stop(front.program)
            try await startFront(world, front)
            let request = ActionRequest(grant: grant.text)
            let result = try await executor.run(name, request, principal: "gate", key: "k")
            #expect(result.state == .notDone && result.detail["code"] == "facts_drifted")
            #expect(try await rotation.places()["api-1"] == .healthy)
        }
    }

    @Test func afterACrashTheWorldSaysWhetherItHappened() async throws {
        try await with { _, bench, rotation in
            let action = try #require(bench.actions.first)
            let lines = try await JournalPrefixes.record(bench, action, first)
            for prefix in lines.prefixes {
                #expect(try await JournalPrefixes.recover(bench, prefix)?.state == .notDone)
            }
            #expect(try await rotation.places()["api-1"] == .healthy)
            try await action.perform(lines.intent.steps[0], of: lines.intent)
            #expect(try await JournalPrefixes.recover(bench, lines.prefixes.last ?? [])?.state == .done)
            #expect(try await rotation.places()["api-1"] == .draining)
            try await action.compensate(lines.intent, through: 0)
            #expect(try await rotation.places()["api-1"] == .healthy)
        }
    }

    @Test func withoutTheKeyNothingIsChanged() async throws {
        try await with { world, _, rotation in
            try FileSystem.writeAtomically(APIKey.generate().secretText, to: "\(world.directory)/key")
            let error = await #expect(throws: ActionError.self) { try await rotation.set("api-1", isDraining: true) }
            #expect(error?.message.contains("401") == true)
            #expect(try await rotation.places()["api-1"] == .healthy)
        }
    }

    @Test func aFrontThatIsAwayCannotBeRead() async throws {
        try await with { world, bench, _ in
            try await world.control.stop("web")
            let executor = try bench.executor()
            let error = await #expect(throws: ActionError.self) { try await executor.plan(name, first) }
            #expect(error?.code == .targetUnreadable)
        }
    }

    @Test(
        arguments: [
            [:], ["component": "api"], ["component": "web", "instance": "api-1"],
            ["component": "api", "instance": "api-1", "back": "yes"],
        ] as [[String: JSONValue]]
    )
    func refusesWhatIsNotInTheSchema(_ parameters: [String: JSONValue]) async throws {
        try await with { _, bench, _ in
            let executor = try bench.executor()
            let error = await #expect(throws: ActionError.self) { try await executor.plan(name, parameters) }
            #expect(error?.code == .invalidParameters)
        }
    }
}
