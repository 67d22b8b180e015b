import OpsModel
import Testing

@testable import Observer

@Suite("AlertStateMachine")
struct AlertStateMachineTests {
    private let rules = [
        BurnRule(name: "hard", windows: [], minimumBad: 1, consecutive: 2),
        BurnRule(name: "slow", windows: [], minimumBad: 1, consecutive: 4),
    ]

    private func at(_ second: Double) -> Timestamp { Timestamp(secondsSinceEpoch: 1_000 + second) }

    private func burning(_ second: Double, _ names: [String] = ["hard"]) -> BurnEvaluation {
        BurnEvaluation(at: at(second), holding: names)
    }

    private func healthy(_ second: Double) -> BurnEvaluation { BurnEvaluation(at: at(second), isHealthy: true) }

    @Test("fires on the second sample in a row, not on the first")
    func consecutive() {
        var machine = AlertStateMachine(rules: rules)
        #expect(machine.observe(burning(0)) == .none)
        #expect(machine.state == .pending(since: at(0)))
        #expect(machine.observe(healthy(0.5)) == .none)
        #expect(machine.state == .quiet)
        #expect(machine.observe(burning(1)) == .none)
        #expect(machine.observe(burning(1.5)) == .fire(rule: "hard"))
        #expect(machine.isFiring)
        #expect(machine.observe(burning(2)) == .none)
    }

    @Test("a rule that needs four samples does not profit from another rule's row")
    func separateRows() {
        var machine = AlertStateMachine(rules: rules)
        #expect(machine.observe(burning(0, ["slow"])) == .none)
        #expect(machine.observe(burning(0.5, ["slow", "hard"])) == .none)
        #expect(machine.observe(burning(1, ["slow"])) == .none)
        #expect(machine.observe(burning(1.5, ["slow"])) == .fire(rule: "slow"))
    }

    @Test("a page is taken back only after an unbroken row of healthy samples")
    func keepsFiring() {
        var machine = AlertStateMachine(rules: rules, keepFiring: 3)
        _ = machine.observe(burning(0))
        _ = machine.observe(burning(0.5))
        #expect(machine.observe(healthy(1)) == .none)
        #expect(machine.observe(healthy(1.5)) == .none)
        #expect(machine.observe(BurnEvaluation(at: at(2))) == .none)
        #expect(machine.observe(healthy(2.5)) == .none)
        #expect(machine.observe(healthy(3)) == .none)
        #expect(machine.observe(healthy(3.5)) == .resolve(rule: "hard", since: at(0.5)))
        #expect(machine.state == .quiet)
    }

    @Test("a starved sample neither fires nor proves recovery, and breaks no row")
    func starved() {
        var machine = AlertStateMachine(rules: rules, keepFiring: 2)
        let late = BurnEvaluation(at: at(0), holding: ["hard"], isHealthy: true, isStarved: true)
        for _ in 0..<10 { #expect(machine.observe(late) == .none) }
        #expect(machine.state == .quiet)
        _ = machine.observe(burning(1))
        #expect(machine.observe(late) == .none)
        #expect(machine.observe(burning(1.5)) == .fire(rule: "hard"))
        _ = machine.observe(healthy(2))
        for _ in 0..<10 { #expect(machine.observe(late) == .none) }
        #expect(machine.isFiring)
        #expect(machine.observe(healthy(3)) == .resolve(rule: "hard", since: at(1.5)))
    }

    @Test("a restored page goes back to firing and can be resolved")
    func restored() {
        let state = AlertStateMachine.State.firing(rule: "restored", since: at(-60), healthy: 0)
        var machine = AlertStateMachine(rules: rules, keepFiring: 1, state: state)
        #expect(machine.observe(burning(0)) == .none)
        #expect(machine.observe(healthy(1)) == .resolve(rule: "restored", since: at(-60)))
    }
}
