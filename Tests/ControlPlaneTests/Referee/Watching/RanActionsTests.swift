import OpsModel
import OpsScenario
import Testing

@testable import ControlPlane

@Suite struct RanActionsTests {
    private func ran(_ state: ProposalState, _ ends: [ActionState], option: Int? = 1) -> [String] {
        let steps = ["drain-instance", "restart-service", "clear-cache"].map { ProposedStep(action: $0) }
        let outcome = ProposalOutcome(
            proposal: "pro-1",
            state: state,
            option: option,
            steps: zip(steps, ends).map { StepOutcome(action: $0.action, state: $1, message: "") }
        )
        let record = ProposalRecord(
            id: "pro-1",
            proposal: Proposal(summary: "x", options: [ProposedOption(title: "x", steps: steps)]),
            outcome: outcome,
            requestedAt: Timestamp(secondsSinceEpoch: 1)
        )
        return record.ranActions.map { "\($0.action) \($0.state.rawValue)" }
    }

    @Test func whatWasDoneOrTakenBackOrIsNotKnownCounts() {
        #expect(ran(.recovered, [.done, .compensated, .unknown]).count == 3)
        #expect(ran(.notDone, [.done, .notDone]) == ["drain-instance done"])
        #expect(ran(.notDone, [.refused]).isEmpty)
        #expect(ran(.pending, [], option: nil).isEmpty)
        #expect(ran(.denied, [], option: 9).isEmpty)
    }

    @Test func whatIsOnItsWayCountsBeforeItHasEnded() {
        #expect(ran(.running, []) == ["drain-instance unknown"])
        #expect(ran(.running, [.done]) == ["drain-instance done", "restart-service unknown"])
        #expect(ran(.running, [.done, .done, .done]).count == 3)
    }
}
