import OpsModel

/// What becomes of a question while nobody answers it.
extension IncidentStateMachine {
    /// Lets time pass: a question nobody answered in half of its time is told to more people, one nobody answered in time is
    /// over, and that is no denial.
    func ticked() -> IncidentChange? {
        let pending = record.approvals.indices.filter { record.approvals[$0].approval.state == .pending }
        let late = pending.filter { record.approvals[$0].approval.expiresAt <= now }
        let waiting = pending.filter { !late.contains($0) && isHalfway(record.approvals[$0].approval) }
        guard !late.isEmpty || !waiting.isEmpty else { return nil }
        var change = IncidentChange(record)
        for index in waiting { escalate(&change, approval: index) }
        for index in late { expire(&change, approval: index) }
        if !late.isEmpty { goOn(&change) }
        return change
    }

    private func isHalfway(_ approval: Approval) -> Bool {
        let time = approval.expiresAt - approval.requestedAt
        return approval.escalatedAt == nil && now - approval.requestedAt >= time / 2
    }

    /// The first that a policy names was asked first; without a second, and without a policy, it is everybody who may decide.
    private func escalate(_ change: inout IncidentChange, approval index: Int) {
        let detail = record.approvals[index]
        let named = detail.options.filter { $0.refusal == nil }.flatMap(\.requiredFrom).flatMap(\.from)
        var others: [String] = []
        for name in named.dropFirst() where name != named[0] && !others.contains(name) { others.append(name) }
        let told = others.isEmpty ? named.first.map { [$0] } ?? ["role:\(ApproverRoles.everybody)"] : others
        change.record.approvals[index].approval.escalatedAt = now
        change.record.approvals[index].approval.escalatedTo = told
        let votes = detail.approval.votes.count
        let said = votes == 0 ? "nobody has decided" : "\(votes) of \(detail.approval.quorum) have said yes"
        let waited = Int(now - detail.approval.requestedAt)
        change.tell(
            "approval.escalated",
            "\(said) for \(waited) s: told to \(told.joined(separator: ", "))",
            ["approval": .string(detail.approval.id), "to": .array(told.map { .string($0) })]
        )
    }

    private func expire(_ change: inout IncidentChange, approval index: Int) {
        let approval = record.approvals[index].approval
        let votes = approval.votes.count
        let reason =
            votes == 0
            ? "nobody answered in time"
            : "not enough people answered in time: \(votes) of \(approval.quorum) said yes"
        decide(&change, approval: index, as: .expired, by: [], reason: reason)
        settle(&change, proposal: record.approvals[index].approval.proposal, as: .expired, reason: reason)
        change.tell("approval.expired", reason)
    }
}
