import OpsModel

/// A person takes back what was approved.
///
/// What has not begun is withheld: the whole option, or the steps that are left of a longer one. A step that was handed to
/// ActionPlane is out of the gate's hands, and comes to its end.
extension IncidentStateMachine {
    /// Takes an approval back, with a reason for the agent.
    func revoked(_ id: String, by person: String, reason: String) throws(GateRefusal) -> IncidentChange {
        let (index, execution) = try revocable(id)
        guard person != record.approvals[index].approval.requester else {
            throw GateRefusal(.selfApproval, "who asks does not decide")
        }
        let words = "the approval was taken back: \(reason)"
        let granted = record.approvals[index].approval.reason.map { "granted: \($0); " } ?? ""
        var change = IncidentChange(record)
        change.record.approvals[index].approval.state = .revoked
        // Who decided stays, and so do their words: the rest is somebody else's.
        change.record.approvals[index].approval.reason = "\(granted)taken back by \(person): \(reason)"
        change.tell(
            "approval.revoked",
            "\(person) took it back: \(reason)",
            ["by": .string(person), "reason": .string(reason)]
        )
        stopExecution(&change, because: words)
        guard change.record.execution == nil else { return change }  // what follows the step under way is withheld
        if execution.step == 0 { settle(&change, proposal: execution.proposal, as: .denied, reason: words) }
        goOn(&change)
        return change
    }

    /// The approval, and what there is left of it to be withheld.
    private func revocable(_ id: String) throws(GateRefusal) -> (Int, IncidentRecord.Execution) {
        guard let index = record.approvalIndex(id) else {
            throw GateRefusal(.approvalUnknown, "there is no approval \(id)", hint: "opslab approvals lists them")
        }
        let approval = record.approvals[index].approval
        guard approval.state == .approved else {
            let hint = approval.state == .pending ? "opslab deny \(id) says no to it" : nil
            throw GateRefusal(
                .approvalDecided,
                "\(id) is \(approval.state.rawValue); only what was approved can be taken back",
                hint: hint
            )
        }
        guard let execution = record.execution, execution.proposal == approval.proposal else {
            throw GateRefusal(
                .approvalSpent,
                "all that \(id) allowed has come to its end; nothing is left to take back"
            )
        }
        let isLast = execution.step + 1 == execution.grants.count
        guard execution.sentAt == nil || !isLast && execution.stopped == nil else {
            throw GateRefusal(
                .approvalSpent,
                "the last step of \(id) has begun; nothing is left to take back",
                hint: "its end is told: opslab incident show \(record.incident.id)"
            )
        }
        return (index, execution)
    }
}
