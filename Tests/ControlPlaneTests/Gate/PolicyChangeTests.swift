import GateClient
import OpsModel
import OpsPostgres
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

    @Test func theRecordNamesWhoSetTheLevel() async throws {
        try await GateBench.with { bench, _ in
            _ = try await bench.person.set(AutonomySetting(level: .auto, automatic: ["clear-cache"]))
            let rows = try await bench.store.organisation.transaction { connection in
                try await connection.query(
                    """
                    SELECT actor_type || ' ' || actor_id AS actor, changes ->> 'autonomy' AS level
                    FROM agentops.audit_logs WHERE action_type = 'policy.set'
                    """
                ).map { [try $0.string("actor"), try $0.string("level")] }
            }
            #expect(rows == [["person operator", "auto"]])
        }
    }
}
