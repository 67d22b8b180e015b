import GateClient
import OpsModel
import Testing

@testable import ControlPlane

/// Over the wire: questions about what has been written down, and those that make no sense.
@Suite struct AgentLookUpTests {
    @Test(arguments: ["", String(repeating: "a", count: 2_001)])
    func aSearchForNothingCostsNoOtherAnswer(_ words: String) async throws {
        try await GateBench.with { bench, incident in
            let agent = bench.agent(try await bench.claim(incident, as: "one"))
            let reply = try await agent.read(
                ReadRequest(reads: [
                    ReadQuery(read: "runbook.search", parameters: ["q": .string(words)]),
                    ReadQuery(read: "runbook.search"), ReadQuery(read: "runbook.get"),
                    ReadQuery(read: "cache.bad", component: "cache"),
                ])
            )
            #expect(reply.answers.map(\.status) == [.unsupported, .unsupported, .unsupported, .ok])
            #expect(reply.answers[0].reason?.contains("parameters.q") == true)
            #expect(reply.answers[2].reason?.contains("parameters.id") == true)
        }
    }
}
