import OpsModel

/// What becomes of an approved option: its steps one after another, then the proof that it helped.
extension IncidentStateMachine {
    /// Starts the first step of an option; the steps follow as results come in.
    func start(
        _ change: inout IncidentChange,
        proposal id: String,
        option: Int,
        grants: [String],
        by deciders: [String],
        holdS: Double = 0
    ) {
        guard let index = change.record.proposalIndex(id) else { return }
        change.record.proposals[index].decidedBy = deciders
        change.record.proposals[index].decidedAt = now
        change.record.proposals[index].outcome.option = option
        change.record.proposals[index].outcome.state = .running
        change.record.incident.state = .acting
        change.record.execution = .init(proposal: id, option: option, step: 0, grants: grants)
        if holdS > 0 { change.record.execution?.notBefore = now + holdS }
        enqueue(&change, step: 0)
    }

    /// Takes in the end of one step: the next one, the verification, or the end of the attempt.
    ///
    /// An unknown outcome is never repeated and never built upon: the incident goes to a person. A run that goes on has no
    /// end yet and changes nothing.
    func stepEnded(_ result: ActionResult, proposal id: String, step: Int, windowS: Double) -> IncidentChange? {
        guard let execution = record.execution, execution.proposal == id, execution.step == step,
            let index = record.proposalIndex(id), result.state != .running
        else { return nil }
        var change = IncidentChange(record)
        change.record.proposals[index].outcome.steps.append(
            StepOutcome(action: result.action, state: result.state, message: result.message, run: result.run)
        )
        change.tell(
            "action.\(result.state.rawValue)",
            "\(result.action): \(result.message)",
            ["action": .string(result.action), "run": .string(result.run), "detail": result.detail]
        )
        switch result.state {
        case .done: advance(&change, after: execution, windowS: windowS)
        case .unknown: handOver(&change, proposal: id, result)
        default: giveBack(&change, proposal: id, because: result.message)
        }
        return change
    }

    /// Takes in the verification's verdict.
    func verified(_ hasRecovered: Bool) -> IncidentChange? {
        guard let verification = record.verification else { return nil }
        var change = IncidentChange(record)
        change.record.verification = nil
        if hasRecovered {
            settle(&change, proposal: verification.proposal, as: .recovered, reason: nil)
            finish(&change, as: .resolved)
            change.tell(
                "incident.resolved",
                "all objectives held for \(Int(verification.windowS)) s after the repair",
                ["window_s": .double(verification.windowS)]
            )
        } else {
            settle(&change, proposal: verification.proposal, as: .notRecovered, reason: "the objectives did not hold")
            change.tell("verification.failed", "the repair was done and the objectives still do not hold")
            goOn(&change)
        }
        return change
    }

    func settle(_ change: inout IncidentChange, proposal id: String, as state: ProposalState, reason: String?) {
        guard let index = change.record.proposalIndex(id) else { return }
        change.record.proposals[index].outcome.state = state
        change.record.proposals[index].outcome.reason = reason
        if change.record.proposals[index].decidedAt == nil { change.record.proposals[index].decidedAt = now }
    }

    private func enqueue(_ change: inout IncidentChange, step: Int) {
        guard let execution = change.record.execution,
            let index = change.record.proposalIndex(execution.proposal)
        else { return }
        let planned = change.record.proposals[index].proposal.options[execution.option - 1].steps[step]
        change.record.execution?.step = step
        change.record.execution?.sentAt = nil
        change.record.actionsLeft -= 1
        change.commands.append(
            OutboxCommand(
                id: "\(execution.proposal)-\(execution.option)-\(step)",
                incident: record.incident.id,
                proposal: execution.proposal,
                step: step,
                action: planned.action,
                parameters: planned.parameters,
                grant: execution.grants[step]
            )
        )
        change.tell("action.requested", planned.action, ["action": .string(planned.action)])
    }

    private func advance(_ change: inout IncidentChange, after execution: IncidentRecord.Execution, windowS: Double) {
        let isLast = execution.step + 1 == execution.grants.count
        if isLast, record.isFinal {
            change.record.execution = nil
            return settle(&change, proposal: execution.proposal, as: .done, reason: execution.stopped)
        }
        if !isLast, let reason = execution.stopped {
            return giveBack(
                &change,
                proposal: execution.proposal,
                because: "\(reason), after step \(execution.step + 1)"
            )
        }
        guard !isLast else {
            settle(&change, proposal: execution.proposal, as: .verifying, reason: nil)
            change.record.execution = nil
            change.record.incident.state = .verifying
            change.record.verification = .init(
                proposal: execution.proposal,
                since: now,
                windowS: windowS,
                deadline: now + (windowS * 2 + 15)
            )
            return change.tell("verification.started", "waiting for \(Int(windowS)) s of good service")
        }
        enqueue(&change, step: execution.step + 1)
    }

    private func giveBack(_ change: inout IncidentChange, proposal id: String, because reason: String) {
        settle(&change, proposal: id, as: .notDone, reason: reason)
        change.record.execution = nil
        if !record.isFinal { goOn(&change) }
    }

    private func handOver(_ change: inout IncidentChange, proposal id: String, _ result: ActionResult) {
        settle(&change, proposal: id, as: .unknown, reason: result.message)
        change.record.execution = nil
        let words = "\(result.action) ended in an unknown state and must be looked at: \(result.message)"
        if record.escalation == nil { change.record.escalation = Escalation(reason: words) }
        if !record.isFinal { finish(&change, as: .escalated) }
        change.tell("incident.escalated", "\(result.action) ended in an unknown state; a person has to look")
    }
}
