import OpsModel
import Testing

@testable import ControlPlane

@Suite struct IncidentStateMachineTests {
    let start = Timestamp(microseconds: 1_800_000_000_000_000)

    func page(_ status: PageStatus = .firing) -> Page {
        Page(fingerprint: "p1", journey: "checkout", status: status, summary: "checkout: 58 % good", startedAt: start)
    }

    func opened() -> IncidentRecord {
        IncidentStateMachine.open(id: "inc-1", page: page(), autonomy: .approve, actionLimit: 2, now: start).record
    }

    func machine(_ record: IncidentRecord, after seconds: Double = 1) -> IncidentStateMachine {
        IncidentStateMachine(record: record, now: start + seconds)
    }

    func claimed() throws -> IncidentRecord {
        try machine(opened()).claimed(by: "builtin", keyHash: "ab").record
    }

    func prepared(_ verdict: PolicyVerdict = .requireApproval, steps: Int = 1) -> PreparedProposal {
        let step = ProposedStep(action: "clear-cache", parameters: ["component": "cache"])
        let option = ProposedOption(title: "clear", steps: Array(repeating: step, count: steps))
        let shown = ApprovalStep(action: step.action, payload: "", plan: ActionPlan(fingerprint: "f"))
        return PreparedProposal(
            id: "pro-1",
            approval: "apr-1",
            proposal: Proposal(summary: "clear the cache", options: [option], evidence: []),
            options: [
                ApprovalOption(
                    number: 1,
                    title: "clear",
                    digest: "d",
                    steps: Array(repeating: shown, count: steps)
                )
            ],
            verdict: verdict,
            expiresAt: start + 60
        )
    }

    func result(_ state: ActionState) -> ActionResult {
        ActionResult(run: "run-1", action: "clear-cache", state: state, message: "so it ended", startedAt: start)
    }

    @Test func walksFromPageToProof() throws {
        var record = try claimed()
        #expect(record.incident.state == .diagnosing)
        record = try machine(record).proposed(prepared()).record
        #expect(record.incident.state == .awaitingApproval)
        let granted = try machine(record, after: 5).approved("apr-1", option: 1, grants: ["g"], by: "ann", reason: nil)
        #expect(granted.commands.map(\.id) == ["pro-1-1-0"])
        #expect(granted.record.actionsLeft == 1)
        let done = try #require(
            machine(granted.record, after: 6).stepEnded(result(.done), proposal: "pro-1", step: 0, windowS: 15)
        )
        #expect(done.record.incident.state == .verifying)
        let proven = try #require(machine(done.record, after: 22).verified(true))
        #expect(proven.record.incident.state == .resolved)
        #expect(proven.record.proposals[0].outcome.state == .recovered)
        #expect(proven.record.proposals[0].decidedBy == ["ann"])
    }

    @Test func carriesOutStepsOneAfterAnother() throws {
        let asked = try machine(try claimed()).proposed(prepared(steps: 2)).record
        let granted = try machine(asked).approved("apr-1", option: 1, grants: ["g1", "g2"], by: "ann", reason: nil)
        #expect(granted.commands.map(\.grant) == ["g1"])
        let second = try #require(
            machine(granted.record).stepEnded(result(.done), proposal: "pro-1", step: 0, windowS: 15)
        )
        #expect(second.commands.map(\.grant) == ["g2"])
        #expect(machine(second.record).stepEnded(result(.done), proposal: "pro-1", step: 0, windowS: 15) == nil)
    }

    @Test func neverBuildsOnAnUnknownOutcome() throws {
        let asked = try machine(try claimed()).proposed(prepared(steps: 2)).record
        let granted = try machine(asked).approved("apr-1", option: 1, grants: ["g1", "g2"], by: "ann", reason: nil)
            .record
        let lost = try #require(machine(granted).stepEnded(result(.unknown), proposal: "pro-1", step: 0, windowS: 15))
        #expect(lost.commands.isEmpty)
        #expect(lost.record.incident.state == .escalated)
    }

    @Test func whoAsksDoesNotDecide() throws {
        let asked = try machine(try claimed()).proposed(prepared()).record
        #expect(throws: GateRefusal.self) {
            try machine(asked).approved("apr-1", option: 1, grants: ["g"], by: "builtin", reason: nil)
        }
    }

    @Test func decidesOnce() throws {
        let asked = try machine(try claimed()).proposed(prepared()).record
        let granted = try machine(asked).approved("apr-1", option: 1, grants: ["g"], by: "ann", reason: nil).record
        let again = #expect(throws: GateRefusal.self) {
            try machine(granted).approved("apr-1", option: 1, grants: ["g"], by: "ann", reason: nil)
        }
        #expect(again?.code == .approvalDecided)
    }

    @Test func silenceExpiresAndIsNoDenial() throws {
        let asked = try machine(try claimed()).proposed(prepared()).record
        let reminded = try #require(machine(asked, after: 59).ticked()?.record)
        #expect(reminded.approvals[0].approval.state == .pending)
        let late = try #require(machine(asked, after: 60).ticked())
        #expect(late.record.approvals[0].approval.state == .expired)
        #expect(late.record.proposals[0].outcome.state == .expired)
        let refused = #expect(throws: GateRefusal.self) {
            try machine(asked, after: 61).approved("apr-1", option: 1, grants: ["g"], by: "ann", reason: nil)
        }
        #expect(refused?.code == .approvalExpired)
    }

    @Test func aClearedPageVoidsTheQuestion() throws {
        let asked = try machine(try claimed()).proposed(prepared()).record
        let cleared = machine(asked).paged(page(.resolved))
        #expect(cleared.record.approvals[0].approval.state == .superseded)
        #expect(cleared.record.incident.state == .resolved)
    }

    @Test func keepsTheBudgetOfActions() throws {
        var record = try claimed()
        record.actionsLeft = 0
        let refused = #expect(throws: GateRefusal.self) { try machine(record).proposed(prepared()) }
        #expect(refused?.code == .actionsExhausted)
    }

    @Test func observesWithoutActing() throws {
        let seen = try machine(try claimed()).proposed(prepared(.simulate(reason: "observe")))
        #expect(seen.commands.isEmpty)
        #expect(seen.record.proposals[0].outcome.state == .simulated)
        #expect(seen.record.approvals.isEmpty)
    }

    @Test func refusesEvidenceItNeverGave() throws {
        let guess = Diagnosis(
            component: "db",
            mechanism: "lock-contention",
            confidence: .high,
            statement: "s",
            evidence: ["ev-1"]
        )
        let refused = #expect(throws: GateRefusal.self) { try machine(try claimed()).diagnosed(guess) }
        #expect(refused?.code == .evidenceUnknown)
    }

    @Test func triesAgainAfterARepairThatDidNotHelp() throws {
        let asked = try machine(try claimed()).proposed(prepared()).record
        let granted = try machine(asked).approved("apr-1", option: 1, grants: ["g"], by: "ann", reason: nil).record
        let done = try #require(machine(granted).stepEnded(result(.done), proposal: "pro-1", step: 0, windowS: 15))
            .record
        let failed = try #require(machine(done).verified(false)).record
        #expect(failed.incident.state == .diagnosing)
        var second = prepared()
        second.id = "pro-2"
        second.approval = "apr-2"
        #expect(try machine(failed).proposed(second).record.incident.state == .awaitingApproval)
    }
}
