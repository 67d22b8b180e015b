import OpsModel
import Testing

@testable import ControlPlane

/// What an end from outside makes of an attempt: withheld where it can be, told where it cannot.
@Suite struct IncidentEndsTests {
    typealias Story = IncidentStory

    @Test func aStepThatWasNotSentIsWithheld() throws {
        let granted = try Story.approved()
        let closed = Story.machine(granted.record).closed(by: "ann", reason: "drill").record
        #expect(closed.incident.state == .escalated)
        #expect(closed.proposals[0].outcome.state == .notDone)
        #expect(closed.actionsLeft == 4, "what was not started does not count")
        #expect(Story.machine(closed).standing(of: granted.commands[0]) == .void)
        #expect(Story.machine(closed).sending(granted.commands[0]) == nil)
    }

    @Test func aStepThatWasSentTellsItsEndAndNothingFollows() throws {
        let closed = Story.machine(try Story.sent(steps: 2)).closed(by: "ann", reason: "drill").record
        #expect(closed.proposals[0].outcome.state == .running)
        let told = try #require(
            Story.machine(closed).stepEnded(Story.result(.done), proposal: "pro-1", step: 0, windowS: 15)
        )
        #expect(told.commands.isEmpty)
        #expect(told.record.incident.state == .escalated)
        #expect(told.record.proposals[0].outcome.state == .notDone)
        #expect(told.record.proposals[0].outcome.steps.map(\.state) == [.done])
    }

    @Test func aRepairThatNobodyProvedIsDone() throws {
        let sent = try Story.sent()
        let closed = Story.machine(sent).closed(by: "ann", reason: "drill").record
        let told = Story.machine(closed).stepEnded(Story.result(.done), proposal: "pro-1", step: 0, windowS: 15)
        #expect(told?.record.proposals[0].outcome.state == .done)
        let acted = try #require(
            Story.machine(sent).stepEnded(Story.result(.done), proposal: "pro-1", step: 0, windowS: 15)
        ).record
        let given = try Story.machine(acted).escalated(Escalation(reason: "enough")).record
        #expect(given.proposals[0].outcome.state == .done)
        #expect(given.verification == nil)
    }

    @Test func anUnknownEndAfterTheCloseIsStillHandedOver() throws {
        let closed = Story.machine(try Story.sent()).closed(by: "ann", reason: "drill").record
        let told = Story.machine(closed).stepEnded(Story.result(.unknown), proposal: "pro-1", step: 0, windowS: 15)
        #expect(told?.record.proposals[0].outcome.state == .unknown)
        #expect(told?.record.escalation?.reason.contains("must be looked at") == true)
    }

    /// A gate that restarts asks ActionPlane again; that a run goes on is no end of it.
    @Test func aRunThatGoesOnHasNoEnd() throws {
        let sent = try Story.sent()
        #expect(Story.machine(sent).stepEnded(Story.result(.running), proposal: "pro-1", step: 0, windowS: 15) == nil)
    }

    /// The page clears while an attempt is under way; the attempt then comes to nothing.
    @Test func aPageThatClearedMeanwhileEndsTheIncident() throws {
        let acting = Story.machine(try Story.sent()).paged(Story.page(.resolved)).record
        #expect(acting.incident.state == .acting, "the attempt comes to its end first")
        let given = try #require(
            Story.machine(acting).stepEnded(Story.result(.notDone), proposal: "pro-1", step: 0, windowS: 15)
        )
        #expect(given.record.incident.state == .resolved)
        #expect(given.record.incident.endedAt != nil)
        #expect(given.record.proposals[0].outcome.state == .notDone)
        #expect(given.events.map(\.type) == ["action.not_done", "incident.resolved"])
        let firing = Story.machine(acting).paged(Story.page()).record
        let again = Story.machine(firing).stepEnded(Story.result(.notDone), proposal: "pro-1", step: 0, windowS: 15)
        #expect(again?.record.incident.state == .diagnosing, "the page came back")
    }

    @Test func aPageThatClearedBeforeTheProofEndsTheIncident() throws {
        let done = try #require(
            Story.machine(try Story.sent()).stepEnded(Story.result(.done), proposal: "pro-1", step: 0, windowS: 15)
        ).record
        let cleared = Story.machine(done).paged(Story.page(.resolved)).record
        #expect(cleared.incident.state == .verifying, "the proof comes to its end first")
        let unproven = try #require(Story.machine(cleared).verified(false))
        #expect(unproven.record.incident.state == .resolved)
        #expect(unproven.record.proposals[0].outcome.state == .notRecovered)
        #expect(unproven.events.map(\.type) == ["verification.failed", "incident.resolved"])
    }

    @Test func aPageThatClearedBeforeTheStopEndsTheIncident() throws {
        let cleared = Story.machine(try Story.approved().record).paged(Story.page(.resolved)).record
        let stopped = try #require(Story.machine(cleared).stopped(by: "ann", epoch: 1))
        #expect(stopped.record.incident.state == .resolved)
        #expect(stopped.record.proposals[0].outcome.state == .notDone)
    }

    @Test func theStopVoidsWhatWaits() throws {
        let stopped = try #require(Story.machine(try Story.asked()).stopped(by: "ann", epoch: 1))
        #expect(stopped.record.approvals[0].approval.state == .superseded)
        #expect(stopped.record.proposals[0].outcome.state == .blocked)
        #expect(stopped.record.incident.state == .diagnosing)
        let late = try Story.machine(stopped.record).proposed(Story.prepared(2, epoch: 0)).record
        #expect(late.proposals[1].outcome.state == .blocked, "its bytes name an epoch that is over")
        let fresh = try Story.machine(stopped.record).proposed(Story.prepared(2, epoch: 1)).record
        #expect(fresh.proposals[1].outcome.state == .pending)
    }

    /// A stop and its end are told to incidents one after the other, and may come late.
    @Test func aStopFromBeforeAQuestionIsNotAboutIt() throws {
        let fresh = try Story.machine(try Story.claimed()).proposed(Story.prepared(epoch: 2)).record
        #expect(Story.machine(fresh).stopped(by: "ann", epoch: 1) == nil)
        #expect(Story.machine(fresh).stopped(by: "ann", epoch: 2) == nil)
        #expect(Story.machine(fresh).stopped(by: "ann", epoch: 3)?.record.proposals[0].outcome.state == .blocked)
        let resumed = try #require(Story.machine(try Story.asked()).stopped(by: "ann", epoch: 2)).record
        #expect(Story.machine(resumed).stopped(by: "ann", epoch: 1) == nil, "it has heard of a later one")
    }

    @Test func theStopWithholdsTheNextStep() throws {
        let stopped = try #require(Story.machine(try Story.sent(steps: 2)).stopped(by: "ann", epoch: 1)).record
        let told = Story.machine(stopped).stepEnded(Story.result(.done), proposal: "pro-1", step: 0, windowS: 15)
        #expect(told?.commands.isEmpty == true)
        #expect(told?.record.proposals[0].outcome.state == .notDone)
        let unsent = try #require(Story.machine(try Story.approved().record).stopped(by: "ann", epoch: 1)).record
        #expect(unsent.proposals[0].outcome.state == .notDone)
        #expect(unsent.incident.state == .diagnosing)
    }

    @Test func whatActionPlaneWouldRefuseIsNotApproved() throws {
        let mixed = Story.prepared(refusals: ["nobody is blocked", nil])
        let asked = try Story.machine(try Story.claimed()).proposed(mixed).record
        let refused = #expect(throws: GateRefusal.self) {
            try Story.machine(asked).approved("apr-1", option: 1, grants: ["g"], by: "ann", reason: nil)
        }
        #expect(refused?.code == .optionRefused)
        #expect(refused?.message == "option 1 of apr-1 cannot be carried out: nobody is blocked")
        let other = try Story.machine(asked).approved("apr-1", option: 2, grants: ["g"], by: "ann", reason: nil)
        #expect(other.commands.map(\.id) == ["pro-1-2-0"])
    }

    @Test func policyDoesNotAllowWhatActionPlaneWouldRefuse() throws {
        let mixed = Story.prepared(verdict: .allow(grants: ["g"]), refusals: ["nobody is blocked", nil])
        let settled = try Story.machine(try Story.claimed()).proposed(mixed)
        #expect(settled.commands.isEmpty)
        #expect(settled.record.proposals[0].outcome.state == .blocked)
    }

    @Test func anOptionThatIsTooLongIsNotApproved() throws {
        var asked = try Story.asked(steps: 2)
        asked.actionsLeft = 1
        let refused = #expect(throws: GateRefusal.self) {
            try Story.machine(asked).approved("apr-1", option: 1, grants: ["g", "h"], by: "ann", reason: nil)
        }
        #expect(refused?.code == .actionsExhausted)
    }
}
