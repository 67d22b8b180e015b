import OpsModel

@testable import ControlPlane

/// What makes two worlds the same: all that can still matter, and no moment that cannot.
extension GateModel {
    var identity: String {
        var words: [String] = [
            record.incident.state.rawValue, record.keyHash ?? "-", "\(record.incident.pages[0].status)",
            "\(record.actionsLeft)", "\(record.epoch ?? 0)", "\(record.escalation != nil)",
            moment(record.lease?.ends), "\(clock)", "\(keys)", "\(isAgentDead)", "\(draft ?? -1)", "\(epoch)",
            "\(isFrozen)", "\(isPaused)", "\(left.pauses)", violation ?? "",
        ]
        for proposal in record.proposals {
            words.append("\(proposal.outcome.state) \(proposal.outcome.steps.map(\.state))")
        }
        for detail in record.approvals {
            let approval = detail.approval
            words.append(
                "\(approval.state) \(approval.decidedBy) \(approval.option ?? 0) \(moment(approval.expiresAt))"
            )
            words.append("\(approval.escalatedAt != nil) \(approval.requester) \(drafts[approval.id] ?? 0)")
        }
        if let execution = record.execution {
            words.append(
                """
                \(execution.proposal) \(execution.step) \(execution.sentAt != nil) \(execution.stopped != nil) \
                \(moment(execution.notBefore))
                """
            )
        }
        words.append(record.verification?.proposal ?? "-")
        words += outbox.map(\.id) + ["/"]
        if let errand { words.append("\(errand.command.id) \(errand.result?.rawValue ?? "") \(errand.isCommitted)") }
        words += runs.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        words += effects.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        words.append("\(tries["ann"] ?? 0) \(tries["bob"] ?? 0) \(left.claims) \(left.proposals) \(left.ticks)")
        words += voided.sorted() + ["/"] + revoked.sorted() + ["\(left.revokes)"]
        words.append("\(left.stops) \(left.closes) \(left.crashes) \(left.pages) \(left.escalations)")
        return words.joined(separator: "|")
    }

    private func moment(_ time: Timestamp?) -> String { time.map { "\(Int($0 - Self.start))" } ?? "-" }
}
