import GateClient
import OpsHTTP
import OpsModel
import OpsTestKit
import OpsTrust
import Testing

@testable import ControlPlane

/// A yes on the page, where ActionPlane takes the gate's word for a person, and what stands in its way.
@Suite struct AttestedApprovalTests {
    private func asking(
        ceiling: TrustFile.Authority,
        _ body:
            @Sendable (GateBench, _ approval: String, _ outcome: @Sendable () async throws -> ProposalOutcome)
            async throws -> Void
    ) async throws {
        try await GateBench.with(ceiling: ceiling) { bench, incident in
            let claim = try await bench.claim(incident, as: "one")
            let receipt = try await bench.agent(claim).propose(PlayedWorld.proposal())
            let approval = try #require(receipt.approval)
            try await body(bench, approval) { try await bench.agent(claim).outcome(of: receipt.proposal, waiting: 20) }
        }
    }

    @Test(arguments: [TrustFile.Authority.humanAttested, .policy])
    func aSignedInPersonSaysYes(_ ceiling: TrustFile.Authority) async throws {
        try await asking(ceiling: ceiling) { bench, approval, outcome in
            let ann = try await PageVisitor.inside(bench)
            let card = try await ann.get("/approvals/\(approval)").text
            #expect(card.contains("Approve option 1") && card.contains("opslab approve \(approval) --option 1"))
            let form = try await ann.approval(of: approval)
            let done = try await ann.post("/approvals/\(approval)/approve", form)
            #expect(done.status == 303 && done.headers["Location"] == "/approvals/\(approval)")
            let after = try await ann.get("/approvals/\(approval)").text
            #expect(after.contains("approved, option 1, by operator in a browser") && !after.contains("/approve\""))
            let decided = try await bench.person.approval(approval).approval
            #expect(decided.state == .approved && decided.isAttested && decided.decidedBy == ["operator"])
            #expect(try await outcome().state == .recovered)
            let ring = KeyRing([TrustedKey(name: "gate", role: .gate, publicKey: bench.gatePublicKey)])
            let text = try #require(bench.world.grants.first)
            let payload = try ring.verify(text, for: .init(instanceID: "bench"), at: .now()).grant.payload
            #expect(payload.kind == .humanAttested && payload.decidedBy == ["operator"])
            #expect(bench.world.grants.count == 1)
            let again = try await ann.post("/approvals/\(approval)/approve", form)
            #expect(again.status == 409 && again.text.contains("is approved already"))
            #expect(bench.world.effects.count == 1)
        }
    }

    @Test(arguments: [TrustFile.Authority.human, .humanSigned, .twoHumans])
    func whereASignatureIsDemandedAPageIsNot(_ ceiling: TrustFile.Authority) async throws {
        try await asking(ceiling: ceiling) { bench, approval, _ in
            let ann = try await PageVisitor.inside(bench)
            let card = try await ann.get("/approvals/\(approval)").text
            #expect(!card.contains("/approve\"") && card.contains("opslab approve \(approval) --option 1"))
            // The token of another form of this card is none for this one, so that only the desk's own refusal is left to try.
            let form = try await ann.rejection(of: approval, "no").merging(["option": "1"]) { old, _ in old }
            #expect(try await ann.post("/approvals/\(approval)/approve", form).status == 403)
            #expect(try await bench.person.approval(approval).approval.state == .pending)
            let refusal = await #expect(throws: GateRefusal.self) {
                try await bench.people.attest(approval, option: 1, by: "operator")
            }
            #expect(refusal?.code == .optionRefused)
            #expect(try await bench.person.approval(approval).approval.state == .pending)
        }
    }

    @Test func onlyTheFormThatWasShownCounts() async throws {
        try await asking(ceiling: .humanAttested) { bench, approval, _ in
            let ann = try await PageVisitor.inside(bench)
            let form = try await ann.approval(of: approval)
            let path = "/approvals/\(approval)/approve"
            let wrong: [(field: String, value: String, status: Int)] = [
                ("token", "", 403), ("token", String(repeating: "0", count: 64), 403), ("digest", "", 409),
                ("option", "", 400), ("option", "2", 403), ("option", "-1", 403), ("option", "1e0", 400),
                ("option", "99999999999999999999", 400),
            ]
            for (field, value, status) in wrong {
                let changed = form.merging([field: value]) { _, new in new }
                #expect(try await ann.post(path, changed).status == status, "\(field) \(value)")
            }
            #expect(try await ann.post(path, form, origin: "http://evil.example").status == 403)
            #expect(try await ann.post(path, form, origin: "").status == 403)
            let rejection = try await ann.rejection(of: approval, "no")
            #expect(try await ann.post(path, rejection.merging(["option": "1"]) { _, new in new }).status == 403)
            #expect(try await PageVisitor(bench).post(path, form).status == 401)
            let bob = try await PageVisitor.inside(bench)
            #expect(try await bob.post(path, form).status == 403, "another's form is none")
            #expect(try await bench.person.approval(approval).approval.state == .pending)
            #expect(bench.world.requests == 0)
        }
    }

    @Test func anAgentsKeySignsNobodyIn() async throws {
        try await asking(ceiling: .humanAttested) { bench, approval, _ in
            let agent = PageVisitor(bench)
            let refused = try await agent.signIn(with: bench.hostKey)
            let turned = try await agent.get("/approvals/\(approval)")
            #expect(refused.status == 403 && turned.status == 303)
        }
    }
}
