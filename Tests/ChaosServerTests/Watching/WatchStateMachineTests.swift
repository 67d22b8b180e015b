import Testing

@testable import ChaosServer

@Suite("What a watching process owes")
struct WatchStateMachineTests {
    @Test("An undo that waits for something is tried again, often enough to end two seconds after that has come back")
    func triedAgain() {
        var machine = WatchStateMachine()
        #expect(machine.handle(.promised("f")).isEmpty)
        #expect(machine.handle(.asked("f")) == [.undo("f", .request)])
        for attempt in 1...20 {
            let number = min(attempt, 8)
            #expect(machine.handle(.undone("f", isFinal: false)) == [.undoLater("f", .request, attempt: number)])
            #expect((1...1_000_000_000).contains(WatchStateMachine.pause(beforeAttempt: number)))
        }
        #expect(machine.handle(.undone("f", isFinal: true)).isEmpty)
        #expect(machine.open.isEmpty)
    }
}
