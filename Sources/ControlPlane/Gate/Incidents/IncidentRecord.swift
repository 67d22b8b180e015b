import OpsModel

/// Everything the gate keeps about one incident; stored as one document and changed only by `IncidentStateMachine`.
struct IncidentRecord: Codable, Hashable, Sendable {
    var incident: Incident
    /// SHA-256 of the key that opens this incident for its agent; nil while nobody works on it.
    var keyHash: String?
    /// How long that key still stands without a call.
    var lease: Lease?
    /// Hashes of keys whose claim lapsed; they open nothing, and are told so.
    var lapsedKeys: [String]?
    /// Everybody who ever claimed it, each once.
    var agents: [String]?
    /// What the names are drawn from under which its agents know everything; nil where they hear the true ones.
    ///
    /// The first claim decides, and whoever comes later hears the same names.
    var renameSeed: Int?
    /// The last diagnosis as its agent said it, where that was under other names.
    var saidDiagnosis: Diagnosis?
    /// The newest epoch that this incident has heard of; a proposal prepared under an older one is void.
    var epoch: Int?
    var autonomy: Autonomy
    /// How many actions may still be started.
    var actionsLeft: Int
    /// Messages about pages for which there was no more room; nil while there is.
    var pagesLeftOut: Int?
    var diagnoses: [Diagnosis] = []
    var proposals: [ProposalRecord] = []
    var approvals: [ApprovalDetail] = []
    /// What was signed by people of whom more are needed; nil where nobody waits for another.
    var ballots: [Ballot]?
    var escalation: Escalation?
    var execution: Execution?
    var verification: Verification?
    /// The number of the last event written.
    var lastEvent = 0
    /// The number of the last answer kept as evidence.
    var lastEvidence = 0

    /// A claim's term; each call of the agent begins it anew.
    struct Lease: Codable, Hashable, Sendable {
        var lengthS: Double
        var ends: Timestamp
    }

    /// An approved option while its steps are carried out.
    struct Execution: Codable, Hashable, Sendable {
        var proposal: String
        var option: Int
        var step: Int
        var grants: [String]
        /// When the present step was handed to ActionPlane; until then it can still be withheld.
        var sentAt: Timestamp?
        /// Nothing begins before this; nil is at once.
        var notBefore: Timestamp?
        /// Why no further step may begin, when the agents were stopped under way.
        var stopped: String?
    }

    /// The wait for all journeys to hold after the last step.
    struct Verification: Codable, Hashable, Sendable {
        var proposal: String
        /// Only samples that began later count.
        var since: Timestamp
        var windowS: Double
        var deadline: Timestamp
    }

    /// Whether Observer itself has paged for it, not only somebody's alert.
    var isWitnessed: Bool { incident.pages.contains(where: \.isWitnessed) }
    var isFinal: Bool { incident.state == .resolved || incident.state == .escalated }

    /// Whether an agent works on it, or did before.
    var wasClaimed: Bool { keyHash != nil || lapsedKeys?.isEmpty == false }

    /// What its names are drawn from: as its first claim had it, and until there was one as it is in force.
    func seed(inForce seed: Int?) -> Int? { wasClaimed ? renameSeed : seed }

    /// The last diagnosis in words that its agent, and any after it, may hear.
    var toldDiagnosis: Diagnosis? { renameSeed == nil ? diagnoses.last : saidDiagnosis }

    func proposalIndex(_ id: String) -> Int? { proposals.firstIndex { $0.id == id } }

    func approvalIndex(_ id: String) -> Int? { approvals.firstIndex { $0.approval.id == id } }
}
