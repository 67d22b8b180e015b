import OpsHTTP
import OpsModel
import OpsSystem
import OpsTestKit
import OpsTrust
import Testing

@testable import ActionPlane

/// With the shop's own front before two real processes, all under a real supervisor.
@Suite(.serialized) struct ShedLoadTests {
    private let name = "shed-load"
    private let half: [String: JSONValue] = ["component": "web", "ratio": 50, "for_s": 60]

    private func with(_ body: (TargetBench, ActionBench, HTTPFloodgate) async throws -> Void) async throws {
        try await TargetBench.with(database: false) { world in
            let front = try #require(world.target.balancer)
            try await startFront(world, front)
            let floodgate = HTTPFloodgate(url: front.url, keyFile: "\(world.directory)/key")
            let action = try #require(ShedLoad(world.target, floodgate, control: world.control))
            try await body(world, try ActionBench("\(world.directory)/action", [action]), floodgate)
        }
    }

    private func startFront(_ world: TargetBench, _ front: Target.Balancer) async throws {
        try await world.control.start(front.program)
        try #require(await HTTPReadiness().isReady(front.url, within: .seconds(20)))
    }

    /// How many of so many requests to the front were turned away.
    private func turned(_ world: TargetBench, _ requests: Int) async throws -> Int {
        let url = try #require(world.target.balancer?.url)
        let http = HTTPClient(configuration: .init(retries: 0))
        var refused = 0
        for _ in 0..<requests {
            let answer = try await http.send(HTTPClientRequest(method: .get, url: "\(url)/api/seen"))
            if answer.status == 503 { refused += 1 }
        }
        return refused
    }

    @Test func aShareIsTurnedAwayForAWhile() async throws {
        try await with { world, bench, floodgate in
            let executor = try bench.executor()
            let plan = try await executor.plan(name, half)
            #expect(
                plan.plan?.blastRadius == "50 of a hundred customers of GET /api/seen are turned away for up to 60 s"
            )
            #expect(try await turned(world, 10) == 0, "a plan changes nothing")
            let result = try await bench.run(executor, name, half)
            #expect(result.state == .done, "\(result)")
            #expect(try await turned(world, 10) == 5)
            let again = try await bench.run(executor, name, half)
            #expect(again.state == .notDone && again.detail["code"] == "not_permitted")
            let state = try await floodgate.look()
            #expect(state.leftS > 0 && state.leftS <= 60)
        }
    }

    /// The service that asked for it is gone: nobody comes back to end it.
    @Test func itEndsWithoutAnybody() async throws {
        try await with { world, bench, floodgate in
            let short = half.merging(["for_s": 5]) { $1 }
            #expect(try await bench.run(try bench.executor(), name, short).state == .done)
            #expect(try await turned(world, 4) > 0)
            try await world.until { try await floodgate.look().leftS == 0 }
            #expect(try await turned(world, 20) == 0)
        }
    }

    @Test func aFrontThatStartedAnewMakesTheGrantVoid() async throws {
        try await with { world, bench, floodgate in
            let front = try #require(world.target.balancer)
            let executor = try bench.executor()
            let grant = try Grant(try await bench.payload(executor, name, half), signedBy: bench.ann)
            try await world.control.stop(front.program)
            try await startFront(world, front)
            let result = try await executor.run(name, ActionRequest(grant: grant.text), principal: "gate", key: "k")
            #expect(result.state == .notDone && result.detail["code"] == "facts_drifted")
            #expect(try await floodgate.look().share == 0)
        }
    }

    @Test func afterACrashTheWorldSaysWhetherItHappened() async throws {
        try await with { world, bench, floodgate in
            let action = try #require(bench.actions.first)
            let lines = try await JournalPrefixes.record(bench, action, half)
            for prefix in lines.prefixes {
                #expect(try await JournalPrefixes.recover(bench, prefix)?.state == .notDone)
            }
            #expect(try await floodgate.look().share == 0)
            try await action.perform(lines.intent.steps[0], of: lines.intent)
            #expect(try await JournalPrefixes.recover(bench, lines.prefixes.last ?? [])?.state == .done)
            #expect(try await turned(world, 10) == 5)
            try await action.compensate(lines.intent, through: 0)
            #expect(try await turned(world, 10) == 0)
        }
    }

    @Test func withoutTheKeyNothingIsTurnedAway() async throws {
        try await with { world, _, floodgate in
            try FileSystem.writeAtomically(APIKey.generate().secretText, to: "\(world.directory)/key")
            let order = FloodgateOrder(id: "a", routes: ["GET /api/seen"], ratio: 0.5, forS: 30, rampS: 10)
            let error = await #expect(throws: ActionError.self) { try await floodgate.begin(order) }
            #expect(error?.message.contains("401") == true)
            #expect(try await turned(world, 10) == 0)
        }
    }

    @Test(
        arguments: [
            [:], ["component": "web"], ["component": "api", "ratio": 50], ["component": "web", "ratio": 100],
            ["component": "web", "ratio": 50, "for_s": 600], ["component": "web", "ratio": 50, "route": "GET /ready"],
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
