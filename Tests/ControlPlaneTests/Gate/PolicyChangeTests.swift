import GateClient
import OpsHTTP
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

    /// The gate died after it had stopped the agents, before it had voided what waits.
    @Test func aQuestionThatOutlivedTheAgentsStopIsNotApproved() async throws {
        try await GateBench.with { bench, incident in
            let claim = try await bench.claim(incident, as: "one")
            let receipt = try await bench.agent(claim).propose(PlayedWorld.proposal())
            let approval = try #require(receipt.approval)
            try await bench.store.changePolicy(by: "ann") { $0.isFrozen = true }
            let refused = await #expect(throws: RemoteError.self) { _ = try await bench.approve(approval) }
            #expect(refused?.status == 409 && refused?.code == "option_refused")
            #expect(try await bench.person.approval(approval).approval.state == .pending)
            _ = try await bench.person.resumeAgents(reason: "over")
            #expect(try await bench.person.approval(approval).approval.state == .superseded)
            #expect(bench.world.requests == 0)
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

    @Test func thePersonsTimeIsSetAndReadBack() async throws {
        try await GateBench.with { bench, incident in
            #expect(try await bench.person.autonomy().approvalTimeoutS == 60, "the gate's own setting")
            let set = try await bench.person.set(AutonomySetting(level: .approve, approvalTimeoutS: 600))
            #expect(set.approvalTimeoutS == 600)
            let other = try await bench.person.set(AutonomySetting(level: .approve, windowS: 5))
            #expect(other.approvalTimeoutS == 600, "what is left out stays")
            let refused = await #expect(throws: RemoteError.self) {
                try await bench.person.set(AutonomySetting(level: .observe, approvalTimeoutS: 4))
            }
            #expect(refused?.status == 422 && refused?.code == "setting_invalid")
            #expect(try await bench.person.autonomy() == other, "nothing of it was taken over")
            let claim = try await bench.claim(incident, as: "one")
            let receipt = try await bench.agent(claim).propose(PlayedWorld.proposal())
            let asked = try await bench.person.approval(try #require(receipt.approval)).approval
            #expect((590...600).contains(asked.expiresAt - asked.requestedAt))
        }
    }

    @Test(arguments: [-1, 0, 4.9, 3_600.5, 1e300]) func aPersonsTimeHasLimits(_ seconds: Double) {
        let refused = #expect(throws: GateRefusal.self) {
            try Policy.check(AutonomySetting(level: .approve, approvalTimeoutS: seconds), usual: 60)
        }
        #expect(refused?.code == .settingInvalid)
        #expect(refused?.message == "approval_timeout_s: a person has 5 to 3600 seconds")
    }

    @Test func theGatesOwnSettingCanBeGivenBack() throws {
        let short = AutonomySetting(level: .approve, approvalTimeoutS: 2)
        try Policy.check(short, usual: 2)
        let refused = #expect(throws: GateRefusal.self) { try Policy.check(short, usual: 60) }
        #expect(refused?.code == .settingInvalid)
    }

    @Test func aPolicyOfAnEarlierGateIsRead() throws {
        let text = #"{"id":"default","version":3,"autonomy":"auto","automatic":["*"],"windowS":15,"isFrozen":false}"#
        #expect(try OpsJSON.decode(Policy.self, from: text.utf8).approvalTimeoutS == nil)
    }
}
