import Testing

@testable import ActionPlane

@Suite struct RecoveryTests {
    private let stop = ActionStep("stop", "api-1")
    private let start = ActionStep("start", "api-1", isResumable: true)

    @Test func withoutAnIntentNothingHappened() {
        #expect(Recovery.decide(states: nil, steps: []) == .notDone)
        #expect(Recovery.decide(states: [], steps: []) == .notDone)
    }

    @Test func readsBeforeAndAfterOffTheWorld() {
        let steps = [stop, start]
        #expect(Recovery.decide(states: [.before, .before], steps: steps) == .notDone)
        #expect(Recovery.decide(states: [.after, .after], steps: steps) == .doneRecovered)
        #expect(Recovery.decide(states: [.after, .other("?")], steps: steps) == .unknown)
        #expect(Recovery.decide(states: [.other("?"), .before], steps: steps) == .unknown)
        #expect(
            Recovery.decide(states: [.before, .after], steps: steps) == .unknown,
            "out of order: somebody else's work"
        )
    }

    @Test func aStopIsFollowedByItsStart() {
        #expect(Recovery.decide(states: [.after, .before], steps: [stop, start]) == .resume(1..<2))
    }

    @Test func neverStopsAnythingAfterACrash() {
        let steps = [stop, start, stop, start]
        #expect(Recovery.decide(states: [.after, .before, .before, .before], steps: steps) == .resume(1..<2))
        #expect(Recovery.decide(states: [.after, .after, .before, .before], steps: steps) == .unknown)
    }

    @Test func aRollForwardGoesToItsEnd() {
        let steps = (0..<4).map { ActionStep("write", "\($0)", isResumable: true) }
        #expect(Recovery.decide(states: [.after, .before, .before, .before], steps: steps) == .resume(1..<4))
        #expect(Recovery.decide(states: [.before, .before, .before, .before], steps: steps) == .notDone)
    }

    @Test func aCheckIsNoMarker() {
        let ready = ActionStep("await-ready", "api-1", isCheck: true)
        let steps = [
            ActionStep("write", "f", isResumable: true), ready, ActionStep("stop", "b", isResumable: true), ready,
        ]
        #expect(Recovery.decide(states: [.before, .after, .before, .after], steps: steps) == .notDone)
        #expect(Recovery.decide(states: [.after, .before, .before, .after], steps: steps) == .resume(1..<4))
        #expect(Recovery.decide(states: [.after, .before, .after, .before], steps: steps) == .resume(3..<4))
        #expect(Recovery.decide(states: [.after, .before, .after, .after], steps: steps) == .doneRecovered)
    }
}
