import OpsCommand
import OpsModel

/// What an agent wants to do, as the person who decides reads it.
extension RunNarrator {
    func plan(_ detail: ApprovalDetail, _ elapsed: Double) -> [String] {
        let title = detail.approval.title.split(separator: ", because", maxSplits: 1).first.map(String.init)
        var told = [line(elapsed, "PLAN", title ?? detail.approval.title)]
        for option in detail.options { told += lines(option, detail.approval) }
        for other in detail.rejected.prefix(4) {
            told.append("         x  " + Terminal.clean("\(padded(other.action, 20))rejected: \(other.because)"))
        }
        return told
    }

    private func lines(_ option: ApprovalOption, _ asked: Approval) -> [String] {
        var told = ["         \(option.number)  \(Terminal.clean(option.title))"]
        if let plan = option.steps.first?.plan {
            let downtime = plan.downtimeS > 0 ? "downtime about \(seconds(plan.downtimeS))" : "no downtime"
            told.append(indent + Terminal.clean("risk \(plan.risk) · \(downtime) · undo: \(plan.undo)"))
        }
        for change in option.steps.flatMap(\.plan.diff).prefix(4) { told.append(indent + Terminal.clean(change)) }
        for wanted in option.requiredFrom {
            let people = wanted.from.joined(separator: " or ")
            told.append(indent + Terminal.clean("to be approved by \(people): policy \(wanted.policy)"))
        }
        for words in option.wantedPeople(asked) { told.append(indent + Terminal.clean(words)) }
        if let refusal = option.refusal { told.append(indent + "cannot run now: \(Terminal.clean(refusal))") }
        return told
    }
}
