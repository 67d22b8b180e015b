import OpsModel
import OpsService
import RemediationAgent
import Testing

/// What the agent makes of a memory: an order of looking, and never a reason.
@Suite struct RecollectionTests {
    private func respond(_ change: (inout World) -> Void) async throws -> FakeGate {
        var world = try World()
        change(&world)
        let gate = FakeGate(world)
        _ = try await Responder(gate: gate, logger: Logger(label: "test", level: .error)).respond(to: world.incident)
        return gate
    }

    private func past(
        _ component: String,
        _ mechanism: String,
        _ runbook: String,
        state: String = "recovered"
    ) -> JSONValue {
        [
            "component": .string(component), "mechanism": .string(mechanism), "runbook": .string(runbook),
            "state": .string(state), "likeness": 0.9,
        ]
    }

    @Test func whatHelpedBeforeIsCitedWhenItIsBorneOut() async throws {
        let gate = try await respond { world in
            world.lock()
            world.set(nil, "past.incidents", 1, rows: [past("db", "lock-contention", "postgres-requests-wait")])
        }
        #expect(await gate.transcript.first == "diagnosis db lock-contention high")
        let cold = try await respond { $0.lock() }
        let more = try #require(await gate.diagnoses.first).evidence.count
        #expect(try #require(await cold.diagnoses.first).evidence.count == more - 1)
    }

    @Test func aMemoryOfSomethingElseChangesNothing() async throws {
        let gate = try await respond { world in
            world.lock()
            world.set(
                nil,
                "past.incidents",
                2,
                rows: [
                    past("db", "connections-exhausted", "postgres-requests-wait"),
                    past("cache", "cache-bad", "store-answers-damaged"),
                ]
            )
        }
        let cold = try await respond { $0.lock() }
        #expect(await gate.transcript == cold.transcript)
        #expect(try #require(await gate.diagnoses.first).evidence == #require(await cold.diagnoses.first).evidence)
    }

    @Test func whatDidNotHelpIsNoHint() async throws {
        let gate = try await respond { world in
            world.lock()
            let row = past("db", "lock-contention", "postgres-requests-wait", state: "escalated")
            world.set(nil, "past.incidents", 1, rows: [row])
        }
        let cold = try await respond { $0.lock() }
        #expect(try #require(await gate.diagnoses.first).evidence == #require(await cold.diagnoses.first).evidence)
    }
}
