import OpsModel

/// Everything the gate keeps about one incident; stored as one document and changed only by `IncidentStateMachine`.
struct IncidentRecord: Codable, Equatable, Sendable {
    var incident: Incident
    /// SHA-256 of the key that opens this incident for its agent; nil until somebody works on it, and after its end.
    var keyHash: String?
    var autonomy: Autonomy
    /// How many actions may still be started.
    var actionsLeft: Int
    var diagnoses: [Diagnosis] = []
    var proposals: [ProposalRecord] = []
    var approvals: [ApprovalDetail] = []
    var escalation: Escalation?
    var execution: Execution?
    var verification: Verification?
    /// The number of the last event written.
    var lastEvent = 0
    /// The number of the last answer kept as evidence.
    var lastEvidence = 0

    /// An approved option while its steps are carried out.
    struct Execution: Codable, Equatable, Sendable {
        var proposal: String
        var option: Int
        var step: Int
        var grants: [String]
    }

    /// The wait for all journeys to hold after the last step.
    struct Verification: Codable, Equatable, Sendable {
        var proposal: String
        /// Only samples that began later count.
        var since: Timestamp
        var windowS: Double
        var deadline: Timestamp
    }

    var isFinal: Bool { incident.state == .resolved || incident.state == .escalated }

    func proposalIndex(_ id: String) -> Int? { proposals.firstIndex { $0.id == id } }

    func approvalIndex(_ id: String) -> Int? { approvals.firstIndex { $0.approval.id == id } }
}
