import GateClient
import OpsHTTP
import OpsModel
import OpsPostgres
import Testing

@testable import ControlPlane

/// Proposals under rules: over a real socket, decided in a real PostgreSQL.
@Suite struct PolicyGateTests {
    private static func policy(_ action: PolicyAction, _ more: JSONValue = [:]) -> JSONValue {
        let rule: [String: JSONValue] = [
            "conditions": [["field": "action.component", "operator": "equals", "value": "cache"]],
            "action": .string(action.rawValue),
        ]
        return [
            "name": "caches", "description": "caches are left alone",
            "rule_definition": .object(rule.merging(more.objectValue ?? [:]) { $1 }),
        ]
    }

    private static func propose(_ bench: GateBench, _ incident: String) async throws -> ProposalReceipt {
        let claim = try await bench.claim(incident, as: "one")
        return try await bench.agent(claim).propose(PlayedWorld.proposal())
    }

    @Test func blocked() async throws {
        try await GateBench.with { bench, incident in
            let policy = try await bench.person.addPolicy(Self.policy(.block))
            let receipt = try await Self.propose(bench, incident)
            let reason = "blocked by policy caches (\(policy.id) v1): caches are left alone"
            #expect(receipt.state == .blocked && receipt.reason == reason && receipt.approval == nil)
            let detail = try await bench.person.incident(incident)
            #expect(detail.proposals[0].policy?.policies.map(\.id) == ["default", policy.id])
            let event = try #require(detail.events.first { $0.type == "policy.decided" })
            #expect(event.message == "block: \(reason)" && event.payload["proposal"] == .string(receipt.proposal))
            let rows = try await bench.store.organisation.transaction { connection in
                try await connection.query(
                    """
                    SELECT actor_type || ' ' || actor_id || ' ' || entity_id AS row FROM agentops.audit_logs
                    WHERE action_type = 'policy.decided'
                    """
                ).map { try $0.string("row") }
            }
            #expect(rows == ["policy \(policy.id) \(incident)"])
            #expect(bench.world.requests == 0)
        }
    }

    @Test func simulated() async throws {
        try await GateBench.with { bench, incident in
            _ = try await bench.person.set(AutonomySetting(level: .auto, automatic: ["*"]))
            _ = try await bench.person.addPolicy(Self.policy(.simulate))
            let receipt = try await Self.propose(bench, incident)
            #expect(receipt.state == .simulated && receipt.reason?.hasPrefix("only simulated by policy caches") == true)
            #expect(bench.world.requests == 0)
        }
    }

    @Test func askedOfWhomTheRuleWantsForAsLongAsItSays() async throws {
        try await GateBench.with { bench, incident in
            let more: JSONValue = ["approval_required_from": ["role:sales_lead"], "timeout_minutes": 7]
            let policy = try await bench.person.addPolicy(Self.policy(.requireApproval, more))
            let receipt = try await Self.propose(bench, incident)
            let approval = try #require(receipt.approval)
            let detail = try await bench.person.approval(approval)
            #expect((415...421).contains(detail.approval.expiresAt - detail.approval.requestedAt))
            #expect(detail.options[0].requiredFrom.map(\.from) == [["role:sales_lead"]])
            let refused = await #expect(throws: RemoteError.self) { _ = try await bench.approve(approval) }
            #expect(refused?.status == 403 && refused?.code == "approver_not_allowed")
            #expect(try await bench.person.approval(approval).approval.state == .pending)
            // Whoever asked under one version is still held to it; a new question is asked under the new one.
            let other: JSONValue = ["rule_definition": Self.policy(.requireApproval)["rule_definition"] ?? .null]
            _ = try await bench.person.changePolicy(policy.id, other)
            let still = await #expect(throws: RemoteError.self) { _ = try await bench.approve(approval) }
            #expect(still?.status == 403)
        }
    }

    @Test func aRuleThatCameLaterHoldsForTheAnswer() async throws {
        try await GateBench.with { bench, incident in
            let receipt = try await Self.propose(bench, incident)
            let approval = try #require(receipt.approval)
            let policy = try await bench.person.addPolicy(Self.policy(.block))
            let refused = await #expect(throws: RemoteError.self) { _ = try await bench.approve(approval) }
            #expect(refused?.status == 409 && refused?.code == "option_refused")
            _ = try await bench.person.removePolicy(policy.id)
            #expect(try await bench.approve(approval).state == .approved)
            #expect(try await bench.ended(incident).state == .resolved)
        }
    }

    /// `allow` widens nothing: the level still asks, and a rule about something else changes nothing.
    @Test func allowedAndOthers() async throws {
        try await GateBench.with { bench, incident in
            _ = try await bench.person.addPolicy(Self.policy(.allow))
            let receipt = try await Self.propose(bench, incident)
            let approval = try #require(receipt.approval)
            let more: JSONValue = ["approval_required_from": ["role:dba", "person:ann"]]
            _ = try await bench.person.changePolicy(
                try await bench.person.policies()[0].id,
                ["rule_definition": Self.policy(.requireApproval, more)["rule_definition"] ?? .null]
            )
            #expect(try await bench.approve(approval).state == .approved)
            #expect(try await bench.ended(incident).state == .resolved)
            #expect(bench.world.effects.count == 1)
        }
    }

    /// Another gate wrote it, or a hand: nobody knows what it was to prevent.
    @Test func aRuleThatCannotBeReadBlocksAndCanBeTakenAway() async throws {
        try await GateBench.with { bench, incident in
            try await bench.store.organisation.transaction { connection in
                _ = try await connection.query(
                    """
                    INSERT INTO agentops.policies (id, name, rule_definition)
                    VALUES ('pol-later', 'later', '{"type": "quantum"}')
                    """
                )
            }
            let receipt = try await Self.propose(bench, incident)
            #expect(receipt.state == .blocked && receipt.reason?.contains("cannot read the rule") == true)
            #expect(try await bench.person.policies().map(\.id) == ["pol-later"])
            #expect(try await bench.person.removePolicy("pol-later").status == .retired)
        }
    }
}
