import ActionClient
import ChaosClient
import GateClient
import OpsHTTP
import OpsModel
import OpsScenario

/// What a scripted approver does beside its answer.
extension ScenarioRun {
    /// Has a fact that the option rests on become another one, as somebody else's work would: a release goes out, and where
    /// that is no such fact, each fault is taken back and put in again.
    ///
    /// A run in which neither changes what was shown proves nothing about drift.
    func drift(_ option: ApprovalOption) async throws {
        _ = try await Decoy(named: DecoyKind.benignDeploy.rawValue).begin(in: lab, rate: rate)
        timeline.note("drift", "somebody's release went out while a person was asked")
        if try await hasDrifted(option) { return }
        try await breakAnew()
        timeline.note("drift", "what is broken was mended and broke again while a person was asked")
        let deadline = Timestamp.now() + 10
        while Timestamp.now() < deadline {
            if try await hasDrifted(option) { return }
            try await Task.sleep(for: .milliseconds(250))
        }
        facts.invalid = facts.invalid ?? "no fact that \(option.title) rests on could be made another one"
    }

    /// Takes a yes back; what comes too late is told, and the run goes on.
    func revoke(_ approval: Approval, _ reason: String) async throws -> Approval {
        do {
            let after = try await lab.gate.revoke(approval.id, reason: reason)
            revoked.insert(approval.id)
            timeline.note("revoked", reason)
            return after
        } catch let refusal as RemoteError where refusal.status == 409 {
            notes.append("approval \(approval.id) could not be taken back: \(refusal.message)")
            return approval
        }
    }

    /// Whether a dry run rests on other facts now than the one that was shown.
    private func hasDrifted(_ option: ApprovalOption) async throws -> Bool {
        let action = try lab.operatorsAction()
        for step in option.steps {
            let now = try await action.plan(step.action, parameters: step.parameters)
            if let plan = now.plan, plan.refusals.isEmpty, plan.fingerprint != step.plan.fingerprint { return true }
        }
        return false
    }

    private func breakAnew() async throws {
        for fault in faults where fault.endedAt == nil {
            guard let request = injected[fault.id] else { continue }
            let ended = try await lab.chaos.revert(fault.id)
            if let index = faults.firstIndex(where: { $0.id == fault.id }) { faults[index] = ended }
            let again = try await lab.chaos.inject(fault.fault, request)
            faults.append(again)
            injected[again.id] = request
            try await requireEffect(again.id)
        }
        sessionsBefore = await sessionsEnded()
    }
}
