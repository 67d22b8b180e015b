import Testing

@testable import ChaosServer

@Suite("The order of an undo")
struct UndoStateMachineTests {
    private let applied = FaultStateMachine(reading: [.intended, .armed(fence: 1), .applied, .verified])

    private func locking(_ cause: EndCause, isHolderGone: Bool) -> UndoStateMachine {
        var machine = UndoStateMachine(cause: cause)
        #expect(machine.handle(.begin(self.applied)) == .endHolder)
        #expect(machine.handle(.holderGone(isHolderGone)) == .takeLock)
        return machine
    }

    @Test("A resource that somebody keeps prolongs no fault", arguments: EndCause.allCases)
    func lockKept(_ cause: EndCause) {
        var machine = self.locking(cause, isHolderGone: true)
        #expect(machine.handle(.locked(false)) == .raiseFence)
        #expect(machine.handle(.raised(self.applied)) == .compare)
        #expect(machine.handle(.compared(.reverted)) == .record(.closed(.reverted)))
        #expect(machine.handle(.recorded) == .finish(.reverted))
    }

    @Test("A holder whose end was not seen may be the one that keeps it: later", arguments: EndCause.allCases)
    func holderPerhapsAlive(_ cause: EndCause) {
        var machine = self.locking(cause, isHolderGone: false)
        #expect(machine.handle(.locked(false)) == .finish(.pending))
        // With the lock in our hands it does not hold it, and the fence keeps it from applying later.
        machine = self.locking(cause, isHolderGone: false)
        #expect(machine.handle(.locked(true)) == .raiseFence)
    }

    @Test("One that is over is not touched, before the lock and under it")
    func over() {
        let closed = FaultStateMachine(reading: [.intended, .closing(fence: 2, cause: .lease), .closed(.superseded)])
        var machine = UndoStateMachine(cause: .request)
        #expect(machine.handle(.begin(closed)) == .finish(.superseded))
        machine = self.locking(.request, isHolderGone: true)
        #expect(machine.handle(.locked(true)) == .raiseFence)
        #expect(machine.handle(.raised(closed)) == .finish(.superseded))
    }
}
