import OpsModel

/// What an agent says.
extension IncidentStateMachine {
    /// Keeps a diagnosis.
    ///
    /// Every piece of evidence it names must be an answer that the gate gave in this incident. What was said under other names
    /// is kept as it was said, too.
    func diagnosed(_ diagnosis: Diagnosis, asSaid said: Diagnosis? = nil) throws(GateRefusal) -> IncidentChange {
        try requireOpen()
        try requireRoom(beside: record.diagnoses.count, of: RecordBounds.diagnoses, "diagnoses")
        let cited = diagnosis.evidence + diagnosis.ruledOut.flatMap(\.evidence)
        try requireKnown(cited)
        var change = IncidentChange(record)
        change.record.diagnoses.append(diagnosis)
        change.record.saidDiagnosis = said
        let payload = try? JSONValue(encoding: diagnosis)  // plain values of our own always encode
        change.tell("diagnosis.given", diagnosis.statement, payload ?? .null)
        return change
    }

    /// Takes in a proposal whose options are prepared for a signature.
    ///
    /// The autonomy level has had its word; the rules may only narrow that.
    func proposed(
        _ asked: PreparedProposal,
        under rules: PolicySet = .empty
    ) throws(GateRefusal) -> IncidentChange {
        let ruled = RuledProposal(asked, under: rules, at: now)
        let prepared = ruled.prepared
        try requireOpen()
        try requireRoom(beside: record.proposals.count, of: RecordBounds.proposals, "proposals")
        try requireKnown(prepared.proposal.evidence)
        try requireNoPending()
        let steps = prepared.proposal.options.map(\.steps.count).min() ?? 0
        guard steps > 0, prepared.proposal.options.allSatisfy({ !$0.steps.isEmpty }) else {
            throw GateRefusal(.proposalInvalid, "a proposal needs an option, and each option a step")
        }
        let first = prepared.proposal.options.first?.steps.count ?? 0
        let needed = if case .allow = prepared.verdict { first } else { steps }
        guard record.actionsLeft >= needed else {
            throw GateRefusal(
                .actionsExhausted,
                "no actions are left in this incident",
                hint: "escalate with what you found"
            )
        }
        return decidedByPolicy(prepared, ruled.policies)
    }

    /// Ends the agent's work and hands over to a person.
    func escalated(_ escalation: Escalation) throws(GateRefusal) -> IncidentChange {
        try requireOpen()
        try requireKnown(escalation.evidence)
        var change = IncidentChange(record)
        supersedeOpenQuestions(&change, because: "the agent escalated")
        abandonAttempt(&change, because: "the agent escalated")
        change.record.escalation = escalation
        finish(&change, as: .escalated)
        let payload = try? JSONValue(encoding: escalation)  // plain values of our own always encode
        change.tell("incident.escalated", escalation.reason, payload ?? .null)
        return change
    }

    private func requireRoom(beside count: Int, of most: Int, _ what: String) throws(GateRefusal) {
        guard count < most else {
            throw GateRefusal(
                .limitExceeded,
                "an incident has at most \(most) \(what)",
                hint: "escalate with what you found"
            )
        }
    }

    private func requireKnown(_ evidence: [String]) throws(GateRefusal) {
        let unknown = evidence.filter { !isKnown($0) }
        guard unknown.isEmpty else {
            throw GateRefusal(
                .evidenceUnknown,
                "no such evidence in this incident: \(unknown.prefix(5).joined(separator: ", "))",
                hint: "cite the `evidence` of answers you were given"
            )
        }
    }

    private func isKnown(_ evidence: String) -> Bool {
        guard evidence.hasPrefix("ev-"), let number = Int(evidence.dropFirst(3)) else { return false }
        return number > 0 && number <= record.lastEvidence
    }

    private func requireNoPending() throws(GateRefusal) {
        guard let open = record.proposals.last(where: { $0.outcome.state.isMoving }) else { return }
        throw GateRefusal(
            .proposalPending,
            "\(open.id) is still \(open.outcome.state.rawValue)",
            hint: "wait for its outcome"
        )
    }

    /// Policy's word, unless the world has moved on since it was asked.
    private func verdict(on prepared: PreparedProposal) -> PolicyVerdict {
        if prepared.epoch < record.epoch ?? 0 { return .block(reason: "agents were stopped meanwhile") }
        guard case .allow = prepared.verdict, let refusal = prepared.options.first?.refusal else {
            return prepared.verdict
        }
        return .block(reason: refusal)
    }

    private func decidedByPolicy(_ prepared: PreparedProposal, _ policies: [AppliedPolicy]) -> IncidentChange {
        var change = IncidentChange(record)
        let verdict = verdict(on: prepared)
        let decision = policies.isEmpty ? nil : PolicyDecision(verdict, by: policies)
        let needsPerson = verdict == .requireApproval
        // Nothing else waits, or it would have been refused: a stop before this epoch is not about it.
        change.record.epoch = max(record.epoch ?? 0, prepared.epoch)
        change.record.proposals.append(
            ProposalRecord(
                id: prepared.id,
                agent: record.incident.agent,
                proposal: prepared.proposal,
                outcome: ProposalOutcome(proposal: prepared.id, state: .pending),
                approval: needsPerson ? prepared.approval : nil,
                policy: decision,
                requestedAt: now
            )
        )
        change.tell("proposal.made", prepared.proposal.summary, ["proposal": .string(prepared.id)])
        if let decision { tell(&change, decision, of: prepared.id) }
        switch verdict {
        case .requireApproval: ask(&change, prepared)
        case .allow(let grants): start(&change, proposal: prepared.id, option: 1, grants: grants, by: ["policy"])
        case .simulate(let reason): settle(&change, proposal: prepared.id, as: .simulated, reason: reason)
        case .block(let reason): settle(&change, proposal: prepared.id, as: .blocked, reason: reason)
        }
        return change
    }

    private func tell(_ change: inout IncidentChange, _ decision: PolicyDecision, of proposal: String) {
        let payload = (try? JSONValue(encoding: decision))?.objectValue ?? [:]  // plain values of our own always encode
        change.tell(
            "policy.decided",
            "\(decision.decision.rawValue): \(decision.reason)",
            .object(payload.merging(["proposal": .string(proposal)]) { $1 })
        )
    }

    private func ask(_ change: inout IncidentChange, _ prepared: PreparedProposal) {
        var approval = Approval(
            id: prepared.approval,
            incident: record.incident.id,
            proposal: prepared.id,
            state: .pending,
            title: prepared.proposal.summary,
            requester: record.incident.agent ?? "agent",
            requestedAt: now,
            expiresAt: prepared.expiresAt
        )
        let possible = prepared.options.filter { $0.refusal == nil }
        approval.quorum = possible.map(\.quorum).max() ?? 1
        approval.fourEyes = possible.contains { !$0.barred.isEmpty }
        change.record.approvals.append(
            ApprovalDetail(
                approval: approval,
                diagnosis: record.diagnoses.last,
                options: prepared.options,
                rejected: prepared.proposal.rejected
            )
        )
        change.record.incident.state = .awaitingApproval
        change.tell("approval.requested", prepared.proposal.summary, ["approval": .string(prepared.approval)])
    }
}
