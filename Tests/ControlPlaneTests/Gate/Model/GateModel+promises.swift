import OpsModel

@testable import ControlPlane

/// What must hold in every world, and across every step.
extension GateModel {
    /// Promises about one step.
    static func broken(from before: IncidentRecord, by change: IncidentChange) -> String? {
        let after = change.record
        for (old, new) in zip(before.approvals, after.approvals)
        where old.approval.state != .pending && old.approval != new.approval && !isTakenBack(old, new) {
            return "\(old.approval.id) was \(old.approval.state.rawValue) and was decided again"
        }
        for command in change.commands {
            let grounds = after.approvals.filter { $0.approval.proposal == command.proposal }.map(\.approval)
            guard grounds.count == 1, let ground = grounds.first, ground.state == .approved,
                ground.decidedBy.count == 1,
                ground.decidedBy.first != ground.requester
            else { return "\(command.id) was ordered without exactly one yes of somebody else" }
        }
        if before.isFinal, !change.commands.isEmpty { return "an incident that is over ordered something" }
        if before.isFinal, after.incident.state != before.incident.state { return "an incident ended twice" }
        return nil
    }

    /// An approval may be taken back, and stays what it was about.
    private static func isTakenBack(_ old: ApprovalDetail, _ new: ApprovalDetail) -> Bool {
        var before = old.approval
        before.state = .revoked
        before.reason = new.approval.reason
        return old.approval.state == .approved && before == new.approval
    }

    /// Promises about a world as it stands.
    var broken: String? {
        if let violation { return violation }
        let pending = record.approvals.count { $0.approval.state == .pending }
        let moving = record.proposals.filter { $0.outcome.state.isMoving }
        if pending > 1 || moving.count > 1 { return "two questions are open at once" }
        if record.isFinal, pending > 0 { return "a question outlived its incident" }
        if let twice = effects.first(where: { $0.value > 1 }) { return "\(twice.key) happened twice" }
        if record.actionsLeft < 0 { return "more actions were started than allowed" }
        return unended ?? untrue ?? pointless
    }

    /// Once all pages have cleared and nothing is under way, an incident is over.
    private var pointless: String? {
        let isOver = record.incident.pages.allSatisfy { $0.status == .resolved }
        guard isOver, !record.isFinal, record.execution == nil, record.verification == nil else { return nil }
        return "an outage that is over keeps its incident open"
    }

    /// Whatever was accepted is under way or has come to its end.
    private var unended: String? {
        for proposal in record.proposals {
            let state = proposal.outcome.state
            if state == .running, record.execution?.proposal != proposal.id { return "\(proposal.id) never ends" }
            if state == .verifying, record.verification?.proposal != proposal.id {
                return "\(proposal.id) is never proven"
            }
            if state == .unknown, !record.isFinal || record.escalation == nil {
                return "nobody was told of an unknown end"
            }
        }
        guard let execution = record.execution else { return nil }
        let isCarried = outbox.contains { $0.proposal == execution.proposal && $0.step == execution.step }
        return isCarried ? nil : "step \(execution.step) of \(execution.proposal) is ordered and nobody carries it"
    }

    /// What the record says of a step is what ActionPlane says, and nothing that was begun is forgotten.
    private var untrue: String? {
        for (id, state) in runs where !outbox.contains(where: { $0.id == id }) {
            let words = id.split(separator: "-")
            guard words.count == 4, let step = Int(words[3]) else { return "\(id) is no name of a command" }
            let told = record.proposals.first { $0.id == "pro-\(words[1])" }?.outcome.steps ?? []
            guard told.indices.contains(step) else { return "the end of \(id) was lost" }
            if told[step].state != state {
                return "\(id) is \(state.rawValue), and told as \(told[step].state.rawValue)"
            }
        }
        return nil
    }
}
