import OpsModel
import Testing

@testable import ChaosServer

@Suite("Where a fault stands")
struct FaultStateMachineTests {
    private let steps: [FaultStep] = [
        .intended, .armed(fence: 1), .applied, .verified, .closing(fence: 2, cause: .lease), .attempted(.pending),
        .closed(.reverted),
    ]

    @Test("Lines mean the same in any order")
    func order() {
        let whole = FaultStateMachine(reading: self.steps)
        #expect(whole == FaultStateMachine(reading: self.steps.reversed()))
        #expect(whole.state == .reverted)
        #expect(!whole.isOpen)
    }

    @Test("Each prefix has its state, and only an armed one may be applied")
    func prefixes() {
        let states: [FaultState] = [.intended, .armed, .applied, .verified, .reverting, .pending, .reverted]
        for (count, state) in states.enumerated() {
            let machine = FaultStateMachine(reading: self.steps.prefix(count + 1))
            #expect(machine.state == state)
            #expect(machine.mayApply(fence: 1) == (1...3).contains(count))
        }
    }

    @Test("A raised fence stops the holder that was armed before")
    func fence() {
        let machine = FaultStateMachine(reading: [.closing(fence: 2, cause: .kill), .armed(fence: 1), .intended])
        #expect(!machine.mayApply(fence: 1))
        #expect(!machine.canBeArmed(fence: 2))
        #expect(machine.nextFence == 3)
    }
}
