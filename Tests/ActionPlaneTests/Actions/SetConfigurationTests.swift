import OpsModel
import OpsSpec
import OpsSystem
import OpsTestKit
import Testing

@testable import ActionPlane

/// With a real file, a real supervisor and real processes that read the file.
@Suite(.serialized) struct SetConfigurationTests {
    private func with(_ body: (TargetBench, ActionBench) async throws -> Void) async throws {
        try await TargetBench.with(database: false) { world in
            var target = world.target
            let bounds = ConfigSource.Envelope.range(Quantity(4), Quantity(32))
            target.configurations[0].settable = [ConfigSource.Setting(key: "DB_POOL", envelope: bounds)]
            let action = SetConfiguration(target, processes: world.steps)
            try await body(world, try ActionBench("\(world.directory)/action", [action]))
        }
    }

    private func parameters(_ value: String) -> [String: JSONValue] {
        ["component": "api", "key": "DB_POOL", "value": .string(value)]
    }

    @Test func setsAValueInsideItsBounds() async throws {
        try await with { world, bench in
            let executor = try bench.executor()
            let plan = try await executor.plan("set-config", parameters("12"))
            #expect(plan.plan?.diff == ["- DB_POOL=10", "+ DB_POOL=12"])
            #expect(try await bench.run(executor, "set-config", parameters("12")).state == .done)
            for index in 0...1 {
                let seen = try await world.seen(by: index)
                #expect(seen["DB_POOL"] == "12")
            }
            let identity = try await world.identity("api-1")
            #expect(try await bench.run(executor, "set-config", parameters("12")).state == .done)
            #expect(try await world.identity("api-1") == identity, "nothing to do restarts nobody")
        }
    }

    @Test func refusesWhatIsOutOfBoundsOrNotDeclared() async throws {
        try await with { world, bench in
            let executor = try bench.executor()
            let old = try FileSystem.text(world.environmentPath)
            for value in ["3", "33", "many", "12s"] {
                let error = await #expect(throws: ActionError.self) {
                    try await executor.plan("set-config", parameters(value))
                }
                #expect(error?.code == .notPermitted, "\(value)")
            }
            for wrong in [["value": "1\nDB_PASSWORD=x"], ["key": "DB_PASSWORD"], ["component": "web"]]
                as [[String: JSONValue]]
            {
                let error = await #expect(throws: ActionError.self) {
                    try await executor.plan("set-config", parameters("12").merging(wrong) { $1 })
                }
                #expect(error?.code == .invalidParameters, "\(wrong)")
            }
            #expect(try FileSystem.text(world.environmentPath) == old)
        }
    }
}
