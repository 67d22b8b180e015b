import OpsModel

/// Why the gate does not do what it was asked; the code is the same word in answers, logs and metrics.
struct GateRefusal: Error, Equatable, Sendable {
    enum Code: String, Sendable, CaseIterable {
        case incidentUnknown = "incident_unknown"
        case incidentClosed = "incident_closed"
        case incidentTaken = "incident_taken"
        case claimLapsed = "claim_lapsed"
        case proposalUnknown = "proposal_unknown"
        case proposalPending = "proposal_pending"
        case proposalInvalid = "proposal_invalid"
        case diagnosisInvalid = "diagnosis_invalid"
        case evidenceUnknown = "evidence_unknown"
        case approvalUnknown = "approval_unknown"
        case approvalDecided = "approval_decided"
        case approvalExpired = "approval_expired"
        case approvalSpent = "approval_spent"
        case approvalInvalid = "approval_invalid"
        case selfApproval = "self_approval"
        case alreadyVoted = "already_voted"
        case fourEyes = "four_eyes"
        case grantInvalid = "grant_invalid"
        case optionRefused = "option_refused"
        case actionsExhausted = "actions_exhausted"
        case alertInvalid = "alert_invalid"
        case settingInvalid = "setting_invalid"
        case limitExceeded = "limit_exceeded"
        case approverNotAllowed = "approver_not_allowed"
        case policyUnknown = "policy_unknown"
        case policyInvalid = "policy_invalid"
        case policyChanged = "policy_changed"
        case policyNameTaken = "policy_name_taken"
        case agentUnknown = "agent_unknown"
        case agentPaused = "agent_paused"
        case agentNotPaused = "agent_not_paused"
        case nameInvalid = "name_invalid"
    }

    var code: Code
    var message: String
    var hint: String?
    /// All that is wrong with a document, each with its place.
    var problems: [PolicyProblems.Problem] = []

    init(_ code: Code, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }

    /// Refuses a policy with everything that is wrong with it.
    init(_ found: PolicyProblems) {
        let first = found.all.first.map(\.description) ?? "the policy cannot be read"
        let more = found.all.count > 1 ? ", and \(found.all.count - 1) more" : ""
        self.init(.policyInvalid, first + more, hint: more.isEmpty ? nil : "details.problems lists all of them")
        problems = found.all
    }
}
