import OpsModel

/// How a scripted approver behaves; the same words as in a scenario's `approvers`.
enum ApproverScript: String, CaseIterable, Sendable {
    /// Says yes to the first option that can be carried out.
    case approve
    /// Says no each time.
    case deny
    /// Says no once, then yes.
    case denyThenApprove = "deny-then-approve"
    /// Says nothing.
    case never

    enum Decision: Equatable, Sendable {
        case approve(option: Int)
        case deny(reason: String)
        case wait
    }

    /// What it says to a request, after so many earlier ones of the same run.
    func decide(_ detail: ApprovalDetail, earlier: Int) -> Decision {
        let possible = detail.options.first { $0.refusal == nil }
        switch self {
        case .never: return .wait
        case .deny: return .deny(reason: "not now")
        case .denyThenApprove where earlier == 0: return .deny(reason: "look once more, then ask again")
        case .approve, .denyThenApprove:
            guard let possible else { return .deny(reason: "no option can be carried out") }
            return .approve(option: possible.number)
        }
    }
}
