import OpsModel
import OpsScenario
import OpsSystem

extension ApproverScript {
    enum Decision: Equatable, Sendable {
        case approve(option: Int)
        case deny(reason: String)
        case wait
    }

    /// What it says to a request, after so many earlier ones of the same run; nil when it is not ready to say it.
    func decide(_ detail: ApprovalDetail, earlier: Int, at now: Timestamp) -> Decision? {
        let step = step(after: earlier)
        guard now - detail.approval.requestedAt >= step.after.inSeconds else { return nil }
        switch step.answer {
        case .nothing: return .wait
        case .deny(let reason): return .deny(reason: reason)
        case .approve(let wanted):
            let possible = detail.options.filter { $0.refusal == nil }.map(\.number)
            let chosen = wanted == nil ? possible.first : possible.first { $0 == wanted }
            let refusal = wanted.map { "option \($0) or nothing" } ?? "no option can be carried out"
            return chosen.map { .approve(option: $0) } ?? .deny(reason: refusal)
        }
    }
}
