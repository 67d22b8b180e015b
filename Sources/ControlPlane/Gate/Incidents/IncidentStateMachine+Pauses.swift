import OpsModel

/// An agent that people have paused: it looks and says what it finds, and nothing is asked or done for it.
extension IncidentStateMachine {
    /// Refuses what would lead to an action of a paused agent.
    ///
    /// Says nothing of names and reasons: the refusal is for the agent, which may know things by other names.
    func requireActive(under ground: GroundRules) throws(GateRefusal) {
        guard ground.pause(of: record.incident.agent) != nil else { return }
        throw GateRefusal(
            .agentPaused,
            "this agent has been paused, and nothing is asked or done for it",
            hint: "go on looking and diagnosing, propose again later, or hand over"
        )
    }

    /// Refuses a yes to what a paused agent has asked, where the pause has not come to the question yet.
    func requireActive(_ approval: String, under ground: GroundRules) throws(GateRefusal) {
        guard let index = record.approvalIndex(approval), record.approvals[index].approval.state == .pending,
            let pause = ground.pause(of: record.approvals[index].approval.requester)
        else { return }
        throw GateRefusal(
            .optionRefused,
            "\(pause.agent) is paused, and what \(approval) asks for with it",
            hint: "opslab agents resume \(pause.agent); it has to ask again"
        )
    }

    /// Takes in the pause of an agent: what waits of it is void, as at a stop of all agents.
    ///
    /// - Returns: The incident without what waited; nil when nothing of this agent waits here.
    func paused(_ pause: AgentPause) -> IncidentChange? {
        guard !record.isFinal, let moving = record.proposals.last(where: { $0.outcome.state.isMoving }),
            proposer(of: moving) == pause.principal, moving.outcome.state != .verifying,
            record.execution?.stopped == nil
        else { return nil }
        var change = IncidentChange(record)
        let words = "its agent was paused by \(pause.changedBy)"
        voidQuestions(&change, because: words, proposals: .blocked)
        stopExecution(&change, because: words)
        if change.record.execution == nil { goOn(&change) }
        return change
    }

    private func proposer(of proposal: ProposalRecord) -> String? {
        let asked = record.approvals.first { $0.approval.proposal == proposal.id }
        return proposal.agent ?? asked?.approval.requester ?? record.incident.agent
    }
}
