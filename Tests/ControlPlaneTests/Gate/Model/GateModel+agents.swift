import OpsModel

@testable import ControlPlane

/// What agents do: claim, prepare, submit with any key they were ever given, hand over, call, die.
extension GateModel {
    var agentSteps: [Step] {
        var steps: [Step?] = [claim]
        guard keys > 0 else { return steps.compactMap(\.self) }
        if !isAgentDead {
            steps.append(changed("the agent dies") { $0.isAgentDead = true })
            steps.append(decided("the agent calls", { try $0.renewed(by: key(keys)) }))
        }
        if draft == nil, left.proposals > 0, !isFrozen {
            steps.append(changed("the agent prepares a proposal") { $0.draft = $0.epoch })
        }
        for number in 1...keys { steps += [submit(number), escalate(number)] }
        return steps.compactMap(\.self)
    }

    private func key(_ number: Int) -> String { "k\(number)" }

    private var claim: Step? {
        guard left.claims > 0 else { return nil }
        let number = keys + 1
        return decided(
            "agent \(number) claims",
            { try $0.claimed(by: "agent/\(number)", keyHash: key(number)) },
            and: {
                $0.left.claims -= 1
                $0.keys += 1
                $0.isAgentDead = false
            }
        )
    }

    private func escalate(_ number: Int) -> Step? {
        guard left.escalations > 0 else { return nil }
        return decided(
            "agent \(number) hands over",
            { try held(number, $0).escalated(Escalation(reason: "enough")) },
            and: { $0.left.escalations -= 1 }
        )
    }

    private func submit(_ number: Int) -> Step? {
        guard let draft else { return nil }
        var prepared = IncidentStory.prepared(
            record.proposals.count + 1,
            refusals: left.hasRefusedOption ? [nil, "nobody is blocked"] : [nil],
            steps: left.steps,
            epoch: mutant == .forgetsTheStop ? .max : draft
        )
        prepared.expiresAt = now + (Self.tick * 2 - 2)
        return decided(
            "agent \(number) submits",
            { try proposed(prepared, number, $0) },
            and: {
                $0.left.proposals -= 1
                $0.draft = nil
                $0.drafts[prepared.approval] = draft
                if $0.record.proposals.last?.outcome.state == .pending, draft < $0.epoch {
                    $0.violation = "a question was asked whose bytes name an epoch that is over"
                }
                if self.isPaused, self.record.incident.agent == "agent/1" { $0.violation = "a paused agent asked" }
                if self.record.keyHash != key(number) { $0.violation = "a key spoke whose claim had lapsed" }
            }
        )
    }

    private func held(_ number: Int, _ machine: IncidentStateMachine) throws -> IncidentStateMachine {
        mutant == .acceptsLapsedKeys ? machine : try machine.held(by: key(number))
    }

    private func proposed(
        _ prepared: PreparedProposal,
        _ number: Int,
        _ machine: IncidentStateMachine
    ) throws -> IncidentChange {
        var machine = try held(number, machine)
        if mutant != .asksWhilePaused { try machine.requireActive(under: ground) }
        guard mutant == .asksTwice else { return try machine.proposed(prepared) }
        let real = machine.record.proposals
        for index in machine.record.proposals.indices { machine.record.proposals[index].outcome.state = .denied }
        var change = try machine.proposed(prepared)
        for index in real.indices { change.record.proposals[index] = real[index] }
        return change
    }
}
