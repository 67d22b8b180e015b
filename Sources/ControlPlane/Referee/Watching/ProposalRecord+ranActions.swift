import GateClient
import OpsModel
import OpsScenario

extension ProposalRecord {
    /// What it changed of the world, or may have: also what was taken back, and what is still on its way.
    var ranActions: [RanAction] {
        guard let option = outcome.option, proposal.options.indices.contains(option - 1) else { return [] }
        let steps = proposal.options[option - 1].steps
        let ended = zip(steps, outcome.steps).compactMap { step, end -> RanAction? in
            guard [.done, .unknown, .compensated].contains(end.state) else { return nil }
            return RanAction(action: step.action, parameters: step.parameters, state: end.state)
        }
        guard outcome.state == .running, let next = steps.dropFirst(outcome.steps.count).first else { return ended }
        return ended + [RanAction(action: next.action, parameters: next.parameters, state: .unknown)]
    }
}
