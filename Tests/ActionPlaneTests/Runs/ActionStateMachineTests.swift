import Testing

@testable import ActionPlane

@Suite struct ActionStateMachineTests {
    private typealias Instruction = ActionStateMachine.Instruction

    /// A machine that has come as far as its first step.
    private func atFirstStep(of steps: Int, canCompensate: Bool = false) -> ActionStateMachine {
        var machine = ActionStateMachine(canCompensate: canCompensate)
        for _ in 0..<3 { machine.succeeded() }
        machine.planned(steps: steps)
        for _ in 0..<2 { machine.succeeded() }
        return machine
    }

    @Test func goesThroughItsStagesInTheOneOrder() {
        var machine = ActionStateMachine(canCompensate: false)
        var seen: [Instruction] = []
        while true {
            seen.append(machine.instruction)
            if case .finish = machine.instruction { break }
            if machine.instruction == .enter(.facts) { machine.planned(steps: 2) }
            machine.succeeded()
        }
        #expect(
            seen == [
                .enter(.consume), .enter(.lock), .enter(.epoch(isHeld: true)), .enter(.facts), .enter(.intent),
                .perform(step: 0), .perform(step: 1), .enter(.postcheck), .finish(.done(isRecovered: false)),
            ]
        )
    }

    @Test func nothingToDoIsDone() {
        var machine = atFirstStep(of: 0)
        #expect(machine.instruction == .enter(.postcheck))
        machine.succeeded()
        #expect(machine.instruction == .finish(.done(isRecovered: false)))
    }

    @Test(arguments: 0..<5) func whateverFailsBeforeTheEffectChangesNothing(_ stage: Int) {
        var machine = ActionStateMachine(canCompensate: true)
        for _ in 0..<stage { machine.succeeded() }
        machine.failed(.unclear)
        #expect(machine.instruction == .finish(.notDone(isCompensated: false)))
        machine.succeeded()
        machine.failed(.unclear)
        #expect(machine.instruction == .finish(.notDone(isCompensated: false)), "an end stays an end")
    }

    @Test func aFirstStepWithoutEffectIsNotDone() {
        var machine = atFirstStep(of: 2)
        machine.failed(.untouched)
        #expect(machine.instruction == .finish(.notDone(isCompensated: false)))
    }

    @Test func whatCannotBeTakenBackIsHandedToAPerson() {
        var machine = atFirstStep(of: 2)
        machine.failed(.unclear)
        #expect(machine.instruction == .finish(.unknown))
        machine = atFirstStep(of: 2)
        machine.succeeded()
        machine.failed(.untouched)
        #expect(machine.instruction == .finish(.unknown), "the first step is in the world")
    }

    @Test func compensatesThroughTheStepThatMayHaveHappened() {
        var machine = atFirstStep(of: 3, canCompensate: true)
        machine.succeeded()
        machine.failed(.unclear)
        #expect(machine.instruction == .compensate(through: 1))
        machine.succeeded()
        #expect(machine.instruction == .finish(.notDone(isCompensated: true)))

        machine = atFirstStep(of: 3, canCompensate: true)
        machine.succeeded()
        machine.failed(.untouched)
        #expect(machine.instruction == .compensate(through: 0))
        machine.failed(.unclear)
        #expect(machine.instruction == .finish(.unknown), "a failed compensation is a person's business")
    }

    @Test func aRepairThatDoesNotServeItsPurposeGoesBack() {
        var machine = atFirstStep(of: 1, canCompensate: true)
        machine.succeeded()
        machine.failed(.unclear)
        #expect(machine.instruction == .compensate(through: 0))
    }
}
