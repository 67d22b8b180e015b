import OpsModel
import OpsSpec
import RemediationAgent
import Testing

/// What the agent makes of symptoms that show only after it has read its runbooks.
@Suite struct SecondSearchTests {
    /// What it says last when the cause can be seen after so many pauses, with room for three runbooks a search.
    private func conclusion(shownAfter pauses: Int, searches: Int) throws -> String {
        var patience = ResponseStateMachine.Patience()
        patience.runbooks = 3
        patience.searches = searches
        let early = try World()
        var late = try World()
        late.providerDown()
        var machine = ResponseStateMachine(incident: early.incident, patience: patience, now: .now())
        var step = machine.start()
        var paused = 0
        while paused < 100 {
            switch step {
            case .read(let questions):
                let world = paused < pauses ? early : late
                step = machine.on(.answers(questions.map(world.answer)))
            case .pause:
                paused += 1
                step = machine.on(.incident(early.incident))
            case .diagnose(let diagnosis): return "\(diagnosis.component) \(diagnosis.mechanism)"
            case .escalate: return "hands over"
            default: return "\(step)"
            }
        }
        return "never ends"
    }

    @Test func readsAnotherRunbookForWhatItSeesLater() throws {
        #expect(try conclusion(shownAfter: 3, searches: 3) == "payments dependency-unavailable")
    }

    @Test func withoutASecondSearchItWouldKnowOnlyTheFirstRunbooks() throws {
        #expect(try conclusion(shownAfter: 3, searches: 1) == "hands over")
    }

    @Test func nothingNewIsNoReasonToSearchAgain() throws {
        #expect(try conclusion(shownAfter: .max, searches: 3) == "hands over")
    }
}
