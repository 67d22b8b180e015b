internal import OpsModel
internal import OpsSpec

/// What an agent that comes second, after one that died or after its own end, makes of what was done before.
extension ResponseStateMachine {
    /// Counts the repairs that were tried, and remembers how the last explanation fared; earlier ones are not told.
    mutating func takeUp(_ incident: AgentIncident) {
        let futile: Set<ProposalState> = [.notRecovered, .notDone]
        repairsTried = incident.proposals.count { futile.contains($0.state) }
        guard let diagnosis = incident.diagnosis, let last = incident.proposals.last,
            let mechanism = Mechanism(rawValue: diagnosis.mechanism)
        else { return }
        let key = HypothesisKey(component: diagnosis.component, mechanism: mechanism)
        if last.state.isMoving { current = key }
        if last.state == .denied { objections[key] = Self.refusal(last) }
        if last.state == .denied { denied[key] = incident.proposals.count { $0.state == .denied } }
        if futile.contains(last.state) { failed.insert(key) }
    }
}
