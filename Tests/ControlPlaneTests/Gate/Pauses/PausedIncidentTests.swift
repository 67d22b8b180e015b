import OpsModel
import Testing

@testable import ControlPlane

/// What a pause of its agent makes of an incident.
@Suite struct PausedIncidentTests {
    typealias Story = IncidentStory

    static func pause(_ agent: String = "one", _ isPaused: Bool = true) -> AgentPause {
        AgentPause(agent: agent, isPaused: isPaused, reason: "drill", changedBy: "ann", changedAt: Story.start)
    }

    @Test func aQuestionIsVoidAndItsAgentHearsWhy() throws {
        let change = try #require(Story.machine(try Story.asked()).paused(Self.pause()))
        #expect(change.record.approvals[0].approval.state == .superseded)
        #expect(change.record.proposals[0].outcome.state == .blocked)
        #expect(change.record.proposals[0].outcome.reason == "its agent was paused by ann")
        #expect(change.record.incident.state == .diagnosing)
        #expect(change.record.keyHash == "k1", "it may go on looking")
        #expect(Story.machine(change.record).paused(Self.pause()) == nil, "told once")
    }

    @Test func aStepThatWasNotSentIsWithheld() throws {
        let granted = try Story.approved()
        let change = try #require(Story.machine(granted.record).paused(Self.pause()))
        #expect(change.record.execution == nil && change.record.actionsLeft == 4)
        #expect(change.record.proposals[0].outcome.state == .notDone)
        #expect(Story.machine(change.record).standing(of: granted.commands[0]) == .void)
        #expect(change.events.map(\.type) == ["action.withheld"])
    }

    @Test func aStepUnderWayEndsAndNothingFollowsIt() throws {
        let change = try #require(Story.machine(try Story.sent(steps: 2)).paused(Self.pause()))
        #expect(change.record.proposals[0].outcome.state == .running)
        #expect(Story.machine(change.record).paused(Self.pause()) == nil, "told once")
        let ended = Story.machine(change.record)
            .stepEnded(Story.result(.done), proposal: "pro-1", step: 0, windowS: 15)
        #expect(ended?.commands == [])
        #expect(ended?.record.proposals[0].outcome.reason == "its agent was paused by ann, after step 1")
    }

    @Test func whatOthersAskedGoesOn() throws {
        #expect(Story.machine(try Story.asked()).paused(Self.pause("two")) == nil)
        var taken = try Story.asked()
        taken.incident.agent = "agent/two"
        #expect(Story.machine(taken).paused(Self.pause("two")) == nil, "the one who asked counts, not who took over")
        #expect(Story.machine(taken).paused(Self.pause("one")) != nil)
    }

    @Test func aRepairThatWasDoneIsProvenAllTheSame() throws {
        let done = Story.machine(try Story.sent())
            .stepEnded(Story.result(.done), proposal: "pro-1", step: 0, windowS: 15)
        #expect(Story.machine(try #require(done?.record)).paused(Self.pause()) == nil)
    }

    @Test func aProposalOfAnEarlierGateIsItsRequesters() throws {
        var old = try Story.asked()
        old.proposals[0].agent = nil
        old.incident.agent = "agent/two"
        #expect(Story.machine(old).paused(Self.pause("one")) != nil)
    }

    @Test func onlyThePauseThatHoldsRefuses() throws {
        let machine = Story.machine(try Story.asked())
        try machine.requireActive(under: GroundRules(pauses: [Self.pause("two"), Self.pause("one", false)]))
        let ground = GroundRules(pauses: [Self.pause()])
        let refused = #expect(throws: GateRefusal.self) { try machine.requireActive(under: ground) }
        #expect(refused?.code == .agentPaused && refused?.message.contains("agent/") == false)
        let approval = #expect(throws: GateRefusal.self) { try machine.requireActive("apr-1", under: ground) }
        #expect(approval?.code == .optionRefused)
    }
}
