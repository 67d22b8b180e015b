import GateClient
import OpsModel
import Testing

@testable import ControlPlane

/// Two people who change the policy at once, over a real socket and a real PostgreSQL.
@Suite struct PolicyChangeTests {
    @Test func theAgentsStopAndANewLevelDoNotOverwriteEachOther() async throws {
        try await GateBench.with { bench, _ in
            for round in 1...10 {
                let level: Autonomy = round.isMultiple(of: 2) ? .observe : .suggest
                let isStop = !round.isMultiple(of: 2)
                async let raised =
                    isStop ? bench.person.stopAgents(reason: "drill") : bench.person.resumeAgents(reason: "drill")
                async let set = bench.person.set(AutonomySetting(level: level))
                _ = try await (raised, set)
                let policy = try await bench.store.policy()
                #expect(policy.autonomy == level)
                #expect(policy.isFrozen == isStop)
                #expect(policy.version == 1 + 2 * round)
            }
        }
    }
}
