import GateClient
import OpsHTTP
import OpsModel
import Testing

@testable import ControlPlane

/// An approval that is taken back: what has not begun is withheld, what has is told.
@Suite struct RevocationTests {
    typealias Story = IncidentStory

    private func revoked(_ record: IncidentRecord, by person: String = "bob") throws -> IncidentChange {
        try Story.machine(record).revoked("apr-1", by: person, reason: "not before noon")
    }

    private func refusal(_ record: IncidentRecord, by person: String = "bob") -> GateRefusal? {
        #expect(throws: GateRefusal.self) { try revoked(record, by: person) }
    }

    @Test func whatHasNotBegunIsWithheldAndTheAgentHearsWhy() throws {
        let granted = try Story.approved()
        let change = try revoked(granted.record)
        #expect(change.record.approvals[0].approval.state == .revoked)
        #expect(change.record.approvals[0].approval.decidedBy == ["ann"], "who said yes stays on record")
        #expect(change.record.approvals[0].approval.reason == "taken back by bob: not before noon")
        #expect(change.record.proposals[0].outcome.state == .denied)
        #expect(change.record.proposals[0].outcome.reason == "the approval was taken back: not before noon")
        #expect(change.record.incident.state == .diagnosing)
        #expect(change.record.actionsLeft == 4, "what was not started does not count")
        #expect(change.events.map(\.type) == ["approval.revoked", "action.withheld"])
        #expect(Story.machine(change.record).standing(of: granted.commands[0]) == .void)
        #expect(try Story.machine(change.record).proposed(Story.prepared(2)).record.proposals.count == 2)
    }

    @Test func theApproversWordsStayBesideThoseOfWhoeverTookItBack() throws {
        let granted = try Story.machine(try Story.asked())
            .approved("apr-1", option: 1, grants: ["g"], by: "ann", reason: "go ahead")
        let change = try revoked(granted.record)
        let approval = change.record.approvals[0].approval
        #expect(approval.reason == "granted: go ahead; taken back by bob: not before noon")
        #expect(change.events[0].payload == ["by": "bob", "reason": "not before noon"])
    }

    @Test func whatIsLeftOfALongerOptionIsWithheld() throws {
        let change = try revoked(try Story.sent(steps: 3))
        #expect(change.record.approvals[0].approval.state == .revoked)
        #expect(change.record.proposals[0].outcome.state == .running, "the step under way comes to its end")
        let ended = try #require(
            Story.machine(change.record).stepEnded(Story.result(.done), proposal: "pro-1", step: 0, windowS: 15)
        )
        #expect(ended.commands.isEmpty)
        #expect(ended.record.proposals[0].outcome.state == .notDone)
        #expect(
            ended.record.proposals[0].outcome.reason == "the approval was taken back: not before noon, after step 1"
        )
        #expect(refusal(change.record)?.code == .approvalDecided, "it is taken back once")
    }

    @Test func whatHasBegunOrEndedIsNotTakenBack() throws {
        let begun = try refusal(Story.sent())
        #expect(begun?.code == .approvalSpent)
        #expect(begun?.message == "the last step of apr-1 has begun; nothing is left to take back")
        let done = try #require(
            Story.machine(try Story.sent()).stepEnded(Story.result(.done), proposal: "pro-1", step: 0, windowS: 15)
        )
        #expect(refusal(done.record)?.code == .approvalSpent)
        #expect(try refusal(Story.asked())?.code == .approvalDecided, "a question is denied, not taken back")
        let closed = Story.machine(try Story.sent(steps: 2)).closed(by: "ann", reason: "drill").record
        #expect(refusal(closed)?.code == .approvalSpent, "its end withholds the rest already")
    }

    @Test func whoAskedTakesNothingBack() throws {
        #expect(try refusal(Story.approved().record, by: "agent/one")?.code == .selfApproval)
        #expect(throws: GateRefusal.self) {
            try Story.machine(try Story.approved().record).revoked("apr-9", by: "bob", reason: "x")
        }
    }

    @Test func aHeldYesBeginsWhenItsTimeIsUp() throws {
        let grants = ["g"]
        let granted = try Story.machine(try Story.asked())
            .approved("apr-1", option: 1, grants: grants, by: "ann", reason: nil, holdS: 5)
        let command = granted.commands[0]
        #expect(Story.machine(granted.record, after: 5.9).standing(of: command) == .early)
        #expect(Story.machine(granted.record, after: 5.9).sending(command) == nil)
        #expect(Story.machine(granted.record, after: 6).standing(of: command) == .due)
        #expect(Story.machine(granted.record, after: 6).sending(command) != nil)
    }

    @Test func overTheWireNothingHappensAndTheAuditKnows() async throws {
        try await GateBench.with { bench, incident in
            _ = try await bench.person.set(AutonomySetting(level: .approve, holdS: 30))
            let claim = try await bench.claim(incident, as: "one")
            let receipt = try await bench.agent(claim).propose(PlayedWorld.proposal())
            let approval = try #require(receipt.approval)
            #expect(try await bench.approve(approval).state == .approved)
            let nameless = await Self.refusal { _ = try await bench.person.revoke(approval, reason: "") }
            #expect(nameless?.status == 422)
            #expect(try await bench.person.revoke(approval, reason: "not before noon").state == .revoked)
            let outcome = try await bench.agent(claim).outcome(of: receipt.proposal)
            #expect(outcome.state == .denied && outcome.reason?.contains("not before noon") == true)
            let again = await Self.refusal { _ = try await bench.person.revoke(approval, reason: "x") }
            #expect(again?.status == 409 && again?.code == "approval_decided")
            let unknown = await Self.refusal { _ = try await bench.person.revoke("apr-none", reason: "x") }
            #expect(unknown?.status == 404)
            #expect(try await bench.person.approvals(.revoked).map(\.id) == [approval])
            try await bench.until { try await bench.store.waitingCommands().isEmpty }
            #expect(try await bench.store.waitingCommands().isEmpty, "what was withheld leaves the outbox")
            #expect(bench.world.requests == 0)
            #expect(try await bench.person.events(of: incident).contains { $0.type == "approval.revoked" })
        }
    }

    @Test func aStepThatHasBegunAnswersWithAConflict() async throws {
        try await GateBench.with { bench, incident in
            bench.world.isSlow = true
            let claim = try await bench.claim(incident, as: "one")
            let receipt = try await bench.agent(claim).propose(PlayedWorld.proposal())
            let approval = try #require(receipt.approval)
            _ = try await bench.approve(approval)
            try await bench.until { bench.world.requests > 0 }
            let late = await Self.refusal { _ = try await bench.person.revoke(approval, reason: "x") }
            #expect(late?.status == 409 && late?.code == "approval_spent")
            bench.world.isSlow = false
            #expect(try await bench.agent(claim).outcome(of: receipt.proposal, waiting: 20).state == .recovered)
        }
    }

    @Test func aHoldHasItsLimits() async throws {
        try await GateBench.with { bench, _ in
            for hold in [-1, 31.0] {
                let refused = await Self.refusal {
                    _ = try await bench.person.set(AutonomySetting(level: .approve, holdS: hold))
                }
                #expect(refused?.status == 422 && refused?.code == "setting_invalid")
            }
            let now = try await bench.person.autonomy()
            #expect(now.holdS == 0)
        }
    }

    private static func refusal(_ body: () async throws -> Void) async -> RemoteError? {
        do {
            try await body()
            return nil
        } catch {
            return error as? RemoteError
        }
    }
}
