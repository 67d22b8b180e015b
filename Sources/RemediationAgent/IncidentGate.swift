public import OpsModel

/// The agent's whole world: one incident, and the calls that any agent has.
///
/// Everything the agent learns comes back from `read`; everything it wants goes through `propose` or `escalate`.
public protocol IncidentGate: Sendable {
    /// The incident as it stands now.
    func incident() async throws -> AgentIncident
    /// Answers to questions of the closed vocabulary, in their order; the gate names each as evidence.
    func read(_ questions: [ReadQuery]) async throws -> [ReadAnswer]
    /// Records what the agent holds to be the cause.
    func diagnose(_ diagnosis: Diagnosis) async throws
    /// Asks to be allowed to act.
    func propose(_ proposal: Proposal) async throws -> ProposalReceipt
    /// Hands over to a person.
    func escalate(_ escalation: Escalation) async throws
    /// Where a proposal stands; waits so many seconds for a change.
    func outcome(of proposal: String, wait seconds: Int) async throws -> ProposalOutcome
}
