import GateClient
import OpsModel
import OpsScenario
import OpsSpec

/// Carries out a known behaviour, so that the oracle can be judged by it.
struct ProofAgent: PlayedAgent {
    let name = "proof"
    var lab: RefereeLab
    var run: ScenarioRun
    var entry: Scenario.ProofEntry

    func work(with hands: AgentHands) async throws {
        try await hands.diagnose(cause, because: "a known behaviour says so")
        for step in entry.actions {
            guard !step.isHandOver else { return try await hands.escalate(step.argument, cause) }
            let option = try await plan().option(step, from: hands.incident.actions)
            try Self.requireCarriedOut(step, try await propose(option, with: hands))
        }
    }

    /// What is broken may be too young for a dry run to allow what is done about it: tried again for a while.
    private func propose(_ option: ProposedOption, with hands: AgentHands) async throws -> ProposalOutcome {
        let end = ContinuousClock.now + .seconds(5)
        while true {
            let outcome = try await hands.propose(option, isLast: entry.actions.count == 1)
            guard outcome.state == .blocked, .now < end else { return outcome }
            try await Task.sleep(for: .milliseconds(500))
        }
    }

    /// What was asked for and never done proves nothing about the behaviour.
    static func requireCarriedOut(_ step: Scenario.ProofStep, _ outcome: ProposalOutcome) throws(ProofError) {
        switch outcome.state {
        case .running, .verifying, .done, .recovered, .notRecovered, .unknown: return
        case .pending, .denied, .expired, .superseded, .notDone, .simulated, .blocked:
            let reason = outcome.reason.map { ": \($0)" } ?? ""
            throw ProofError("\(step.action) is \(outcome.state.rawValue)\(reason)")
        }
    }

    private func plan() async -> ProofPlan {
        var broken: [String] = []
        for target in await run.faults.map(\.target) where !broken.contains(target) { broken.append(target) }
        let passwords = lab.topology.config.flatMap(\.secrets).filter { $0.use == .postgresPassword }
        return ProofPlan(
            binding: run.binding,
            draw: run.draw,
            broken: broken,
            sessionOwners: Dictionary(grouping: passwords, by: \.component).mapValues { $0.compactMap(\.role) },
            jobs: await run.faults.flatMap(\.marks).filter { $0.kind == .job }.compactMap { Int($0.subject) }
        )
    }

    /// What it says the cause is; the component is the topology's.
    private var cause: Cause {
        let said = entry.say ?? run.order.scenario.expect.cause ?? Cause(component: "none", mechanism: "none")
        return Cause(component: run.binding.component(said.component), mechanism: said.mechanism)
    }
}
