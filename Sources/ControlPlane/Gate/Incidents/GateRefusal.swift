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
        case grantInvalid = "grant_invalid"
        case optionRefused = "option_refused"
        case actionsExhausted = "actions_exhausted"
        case alertInvalid = "alert_invalid"
        case settingInvalid = "setting_invalid"
        case limitExceeded = "limit_exceeded"
    }

    var code: Code
    var message: String
    var hint: String?

    init(_ code: Code, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }
}
