import OpsModel

/// What becomes of an attempt that is not let go to its end: the incident was closed, or agents were stopped.
///
/// A step that was not handed to ActionPlane is withheld. One that was is out of the gate's hands; its end is still taken
/// in and told, and nothing follows it.
extension IncidentStateMachine {
    /// Takes in the agents' stop: what waits is void, since its bytes name an epoch that is over.
    ///
    /// - Returns: The incident without what waited; nil when it is over, or has heard of this epoch or a later one.
    func stopped(by person: String, epoch: Int) -> IncidentChange? {
        guard !record.isFinal, record.epoch ?? 0 < epoch else { return nil }
        var change = IncidentChange(record)
        change.record.epoch = epoch
        voidQuestions(&change, because: "agents were stopped by \(person)", proposals: .blocked)
        stopExecution(&change, because: "agents were stopped by \(person)")
        if change.record.execution == nil, [.awaitingApproval, .acting].contains(record.incident.state) {
            goOn(&change)
        }
        return change
    }

    /// Gives up an attempt because its incident ends now.
    func abandonAttempt(_ change: inout IncidentChange, because reason: String) {
        stopExecution(&change, because: reason)
        guard let verification = record.verification else { return }
        change.record.verification = nil
        settle(&change, proposal: verification.proposal, as: .done, reason: "\(reason), before it was proven")
    }

    func voidQuestions(_ change: inout IncidentChange, because reason: String, proposals state: ProposalState) {
        for index in change.record.approvals.indices where change.record.approvals[index].approval.state == .pending {
            let proposal = change.record.approvals[index].approval.proposal
            decide(&change, approval: index, as: .superseded, by: [], reason: reason)
            settle(&change, proposal: proposal, as: state, reason: reason)
            change.tell("approval.superseded", reason)
        }
    }

    func stopExecution(_ change: inout IncidentChange, because reason: String) {
        guard let execution = record.execution else { return }
        guard execution.sentAt == nil else {
            change.record.execution?.stopped = reason
            return
        }
        change.record.execution = nil
        change.record.actionsLeft += 1
        settle(&change, proposal: execution.proposal, as: .notDone, reason: "\(reason), before the step was sent")
        change.tell("action.withheld", "\(reason), before the step was sent")
    }
}
