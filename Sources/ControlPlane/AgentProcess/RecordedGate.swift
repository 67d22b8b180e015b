import AgentOps
import OpsModel
import RemediationAgent

/// A gate whose calls leave a record: what the agent asked, held, wanted and gave up.
struct RecordedGate: IncidentGate {
    let gate: any IncidentGate
    let recorder: Recorder
    let id: String

    func incident() async throws -> AgentIncident { try await gate.incident() }

    func read(_ questions: [ReadQuery]) async throws -> [ReadAnswer] {
        let answers = try await gate.read(questions)
        let silent = answers.count { $0.status != .ok }
        note(.tool, "reads.answered", ["asked": .int(questions.count), "without_value": .int(silent)])
        return answers
    }

    func diagnose(_ diagnosis: Diagnosis) async throws {
        try await gate.diagnose(diagnosis)
        note(
            .assistant,
            "diagnosis.made",
            [
                "component": .string(diagnosis.component), "mechanism": .string(diagnosis.mechanism),
                "confidence": .string(diagnosis.confidence.rawValue), "evidence": .int(diagnosis.evidence.count),
            ]
        )
    }

    func propose(_ proposal: Proposal) async throws -> ProposalReceipt {
        let receipt = try await gate.propose(proposal)
        let actions = proposal.options.flatMap(\.steps).map { JSONValue.string($0.action) }
        note(.action, "proposal.made", ["proposal": .string(receipt.proposal), "actions": .array(actions)])
        return receipt
    }

    func escalate(_ escalation: Escalation) async throws {
        try await gate.escalate(escalation)
        note(.assistant, "escalation.made", ["reason": .string(escalation.reason)])
    }

    func outcome(of proposal: String, wait seconds: Int) async throws -> ProposalOutcome {
        let outcome = try await gate.outcome(of: proposal, wait: seconds)
        note(.approval, "proposal.seen", ["proposal": .string(proposal), "state": .string(outcome.state.rawValue)])
        return outcome
    }

    private func note(_ stream: Event.Stream, _ type: String, _ payload: JSONValue) {
        recorder.record(Event(stream, type, incident: id, payload: payload))
    }
}
