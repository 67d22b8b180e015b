import GateClient
import OpsHTTP
import OpsModel
import OpsPostgres
import OpsTrust
import Testing

@testable import ControlPlane

/// Several people decide: over a real socket, kept in a real PostgreSQL, with real signatures.
@Suite struct VotingGateTests {
    private static let people: [String: String?] = ["ann": nil, "bob": nil, "phone": "ann"]

    private func asking(
        _ more: JSONValue,
        ceiling: TrustFile.Authority = .human,
        _ body: @Sendable (GateBench, _ incident: String, _ approval: String) async throws -> Void
    ) async throws {
        try await GateBench.with(ceiling: ceiling, people: Self.people, startedBy: "ann") { bench, incident in
            let rule: [String: JSONValue] = [
                "conditions": [["field": "action.component", "operator": "equals", "value": "cache"]],
                "action": "require_approval",
            ]
            if let members = more.objectValue, !members.isEmpty {
                _ = try await bench.person.addPolicy([
                    "name": "several", "rule_definition": .object(rule.merging(members) { $1 }),
                ])
            }
            let claim = try await bench.claim(incident, as: "one")
            let receipt = try await bench.agent(claim).propose(PlayedWorld.proposal())
            try await body(bench, incident, try #require(receipt.approval))
        }
    }

    private func refusal(_ body: () async throws -> Void) async -> RemoteError? {
        do {
            try await body()
            return nil
        } catch { return error as? RemoteError }
    }

    @Test func theActionHasEverybodysSignature() async throws {
        try await asking(["quorum": 2]) { bench, incident, id in
            let first = try await bench.approve(id)
            #expect(first.state == .pending && first.quorum == 2 && first.votes.map(\.person) == ["ann"])
            #expect(bench.world.requests == 0)
            for name in ["ann", "phone"] {
                let again = await refusal { _ = try await bench.approve(id, as: name) }
                #expect(again?.status == 409 && again?.code == "already_voted" && again?.hint != nil, "\(name)")
            }
            #expect(bench.world.requests == 0)
            #expect(try await bench.approve(id, as: "bob").state == .approved)
            #expect(try await bench.ended(incident).state == .resolved)
            let detail = try await bench.person.approval(id)
            let trust = try bench.people.inspection().trust
            let grants = try #require(bench.world.grants.first).split(separator: " ")
            let signed = try grants.map { try trust.ring.verify($0, for: .init(instanceID: "bench"), at: .now()) }
            #expect(signed.map(\.signer.name) == ["ann", "bob"] && bench.world.effects.count == 1)
            #expect(signed.allSatisfy { $0.grant.payload.quorum == 2 && $0.grant.payload.barred == nil })
            #expect(detail.approval.votes.map(\.keyID) == signed.map(\.signer.id))
            let rows = try await bench.store.organisation.transaction { connection in
                try await connection.query(
                    """
                    SELECT action_type || ' ' || actor_id AS row FROM agentops.audit_logs
                    WHERE action_type IN ('approval.voted', 'approval.granted') ORDER BY seq
                    """
                ).map { try $0.string("row") }
            }
            #expect(rows == ["approval.voted ann", "approval.granted bob"])
            let kept = try await bench.store.organisation.transaction { connection in
                try await connection.query("SELECT quorum FROM agentops.approval_requests WHERE id = $1", [.text(id)])
                    .only().int("quorum")
            }
            #expect(kept == 2)
        }
    }

    @Test func aYesOutlivesTheGate() async throws {
        try await asking(["quorum": 2]) { bench, incident, id in
            _ = try await bench.approve(id)
            let after = bench.deskAfterRestart()
            let detail = try await after.approval(id)
            #expect(detail.approval.votes.map(\.person) == ["ann"])
            let again = await #expect(throws: GateRefusal.self) {
                _ = try await after.approve(id, try bench.yes(to: detail, as: "phone"))
            }
            #expect(again?.code == .alreadyVoted)
            #expect(try await after.approve(id, try bench.yes(to: detail, as: "bob")).state == .approved)
            #expect(try await bench.ended(incident).state == .resolved)
            #expect(try #require(bench.world.grants.first).split(separator: " ").count == 2)
        }
    }

    @Test func twoAtOnceAreBothCounted() async throws {
        try await asking(["quorum": 2]) { bench, incident, id in
            let states = try await withThrowingTaskGroup(of: ApprovalState.self) { group in
                for name in ["ann", "bob"] { group.addTask { try await bench.approve(id, as: name).state } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(states) == [.pending, .approved])
            #expect(try await bench.ended(incident).state == .resolved)
            #expect(bench.world.effects.count == 1)
        }
    }

    @Test func whoseKeyWasTakenAwayHasNoYesAnyMore() async throws {
        try await asking(["quorum": 2]) { bench, _, id in
            _ = try await bench.approve(id)
            try bench.revokeKeys(of: "ann")
            let after = try await bench.approve(id, as: "bob")
            #expect(after.state == .pending && after.votes.map(\.person) == ["bob"])
            #expect(bench.world.requests == 0)
        }
    }

    @Test func fourEyesHoldForTheStartersOtherKey() async throws {
        try await asking(["four_eyes": true]) { bench, incident, id in
            for name in ["ann", "phone"] {
                let refused = await refusal { _ = try await bench.approve(id, as: name) }
                #expect(refused?.status == 403 && refused?.code == "four_eyes", "\(name)")
            }
            let last = try await bench.approve(id, as: "bob")
            #expect(last.state == .approved)
            #expect(try await bench.ended(incident).state == .resolved)
        }
    }

    @Test func fourEyesTakeNoSignInThatPeopleShare() async throws {
        for more: JSONValue in [["four_eyes": true], ["quorum": 2]] {
            try await asking(more, ceiling: .humanAttested) { bench, _, id in
                let refused = await #expect(throws: GateRefusal.self) {
                    try await bench.people.attest(id, option: 1, by: "operator")
                }
                let after = try await bench.person.approval(id).approval
                #expect(refused?.code == .approverNotAllowed && after.votes.isEmpty)
            }
        }
        try await asking(["quorum": 2], ceiling: .humanAttested) { bench, incident, id in
            let first = try await bench.people.attest(id, option: 1, by: "ann")
            #expect(first.state == .pending && first.votes.map(\.isAttested) == [true])
            let last = try await bench.approve(id, as: "bob")
            #expect(last.state == .approved && last.isAttested)
            #expect(try await bench.ended(incident).state == .resolved)
        }
    }

    /// What ActionPlane asks for by itself is asked of as many people, whatever the rules say.
    @Test func aCeilingOfTwoPeopleIsAskedOfTwo() async throws {
        try await asking([:], ceiling: .twoHumans) { bench, incident, id in
            let detail = try await bench.person.approval(id)
            #expect(detail.options[0].quorum == 2)
            #expect(try await bench.approve(id).state == .pending)
            #expect(try await bench.approve(id, as: "bob").state == .approved)
            #expect(try await bench.ended(incident).state == .resolved)
        }
    }

    /// A grant that is not for what was shown: signed alone, or with the quorum taken out of it.
    @Test func aYesIsToTheBytesThatWereShown() async throws {
        try await asking(["quorum": 2]) { bench, _, id in
            var detail = try await bench.person.approval(id)
            detail.options[0].quorum = 1
            #expect(throws: GateRefusal.self) { try bench.yes(to: detail, as: "ann") }
            detail.options[0].seal()
            let forged = try bench.yes(to: detail, as: "ann")
            let refused = await refusal { _ = try await bench.person.approve(id, forged) }
            #expect(refused?.status == 422 && refused?.code == "grant_invalid")
        }
    }

    @Test func aRuleCannotWantMorePeopleThanThereAre() async throws {
        try await GateBench.with(people: Self.people) { bench, _ in
            let rule: JSONValue = [
                "conditions": [["field": "action.type", "operator": "exists", "value": true]],
                "action": "require_approval", "quorum": 3,
            ]
            let refused = await refusal {
                _ = try await bench.person.addPolicy(["name": "x", "rule_definition": rule])
            }
            #expect(refused?.status == 422 && refused?.message.contains("keys of 2 are accepted") == true)
            for bad: JSONValue in [0, 6, "2", 1.5, true] {
                let wrong: JSONValue = .object((rule.objectValue ?? [:]).merging(["quorum": bad]) { $1 })
                let code = await refusal {
                    _ = try await bench.person.addPolicy(["name": "x", "rule_definition": wrong])
                }
                #expect(code?.status == 422, "\(bad)")
            }
        }
    }

    @Test func theCardTellsWhoIsWanted() async throws {
        try await asking(["quorum": 2]) { bench, _, id in
            _ = try await bench.approve(id)
            let card = try await PageVisitor.inside(bench).get("/approvals/\(id)").text
            #expect(card.contains("needs the yes of 2 different people; 1 so far: ann (key "))
            let detail = try await bench.person.approval(id)
            let lines = RunNarrator().lines(.asked(detail), atS: 0).joined(separator: "\n")
            #expect(lines.contains("needs the yes of 2 different people; 1 so far: ann (key "))
        }
    }
}
