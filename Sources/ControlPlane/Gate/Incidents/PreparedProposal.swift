import OpsModel

/// A proposal after the dry runs and the policy, before anything is stored.
struct PreparedProposal: Equatable, Sendable {
    var id: String
    var approval: String
    var proposal: Proposal
    /// The options with their facts and the exact bytes to sign.
    var options: [ApprovalOption]
    var verdict: PolicyVerdict
    /// When silence becomes a refusal.
    var expiresAt: Timestamp
    /// Who started the lab, for rules that bar them; nil while nobody knows.
    var startedBy: String?
    /// The epoch that stands in the bytes to sign.
    var epoch = 0
    /// The autonomy level with the word that ``verdict`` follows; nil leaves no record of how it was decided.
    var basis: AppliedPolicy?
}

/// What policy says to a proposal.
enum PolicyVerdict: Equatable, Sendable {
    /// Go ahead with the first option under these grants, signed by the gate.
    case allow(grants: [String])
    case requireApproval
    /// Record it, carry nothing out.
    case simulate(reason: String)
    case block(reason: String)
}
