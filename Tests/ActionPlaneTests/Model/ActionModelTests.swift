import OpsModel
import Testing

@testable import ActionPlane

/// Exhaustive: one grant, three requests, two workers, two crashes, a kill switch, a foreign lock holder.
@Suite struct ActionModelTests {
    /// At rest every run that used a grant up has its end, and the world shows an effect only for a run that says so.
    private func atRest(_ model: ActionModel) -> String? {
        if let open = model.ledger.open.first { return "\(open.consumption.run) never came to an end" }
        let runs = model.ledger.runs.values
        if runs.count > 1 { return "the grant was used for \(runs.count) runs" }
        // Where somebody else put the old state back, the world no longer tells what happened.
        if model.wasReset { return nil }
        let state = runs.first?.result?.state
        if state == .notDone, model.effects != [0, 0] { return "not done, although \(model.effects) happened" }
        if state == .done, model.effects != [1, 1] { return "done, although \(model.effects) happened" }
        return nil
    }

    @Test func theRealOrderKeepsEveryPromise() async {
        let report = await ModelSearch.explore(ActionModel(), atRest: atRest)
        #expect(report.counterexample.isEmpty, "\(report.counterexample.joined(separator: "\n"))")
        #expect(report.states > 1_000)
    }

    @Test func aGrantConsumedAfterTheEffectIsCaught() async {
        let order: [ActionStateMachine.Stage] = [
            .lock, .epoch(isHeld: true), .facts, .intent, .effect, .consume, .postcheck,
        ]
        let report = await ModelSearch.explore(ActionModel(order: order), atRest: atRest)
        #expect(report.counterexample.last?.hasPrefix("VIOLATION") == true)
    }

    @Test func anEpochReadBeforeTheLockIsCaught() async {
        let order: [ActionStateMachine.Stage] = [
            .consume, .epoch(isHeld: false), .lock, .facts, .intent, .effect, .postcheck,
        ]
        let report = await ModelSearch.explore(ActionModel(order: order), atRest: atRest)
        #expect(report.counterexample.last?.contains("epoch") == true, "\(report)")
    }

    @Test func anEpochThatIsReadButNotHeldIsCaught() async {
        let order: [ActionStateMachine.Stage] = [
            .consume, .lock, .epoch(isHeld: false), .facts, .intent, .effect, .postcheck,
        ]
        let report = await ModelSearch.explore(ActionModel(order: order), atRest: atRest)
        #expect(report.counterexample.last?.contains("epoch") == true, "\(report)")
    }

    @Test func anIntentWrittenAfterTheEffectIsCaught() async {
        let order: [ActionStateMachine.Stage] = [
            .consume, .lock, .epoch(isHeld: true), .facts, .effect, .intent, .postcheck,
        ]
        let report = await ModelSearch.explore(ActionModel(order: order), atRest: atRest)
        #expect(report.counterexample.last?.hasPrefix("VIOLATION") == true)
    }
}
