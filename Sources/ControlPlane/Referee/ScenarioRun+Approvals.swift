import GateClient
import OpsHTTP
import OpsModel
import OpsRuntime
import OpsScenario

/// Decides what is asked, as the script or the person at the terminal says.
extension ScenarioRun {
    func decide(_ detail: IncidentDetail) async throws {
        for record in detail.proposals where record.outcome.state == .pending {
            guard let approval = record.approval, !answered.contains(approval) else { continue }
            try await answer(approval)
        }
        account(for: detail)
    }

    private func answer(_ id: String) async throws {
        let detail = try await lab.gate.approval(id)
        guard detail.approval.state == .pending else { return }
        if asked.insert(id).inserted { say(.asked(detail)) }
        guard let decision = await wanted(detail) else { return }
        if decision == .wait, order.end == .escalated { period.leftAlone(detail.approval) }
        do {
            let after = try await carryOut(decision, detail)
            if decision != .wait, after.state != .pending {
                say(.decided(after, waitS: (after.decidedAt ?? .now()) - after.requestedAt))
            }
        } catch let error as HTTPClientError {
            // Nobody knows whether the answer arrived: what the approval says next decides whether it is given again.
            notes.append("approval \(id) is read again: \(error)")
            return
        } catch {
            notes.append("approval \(id): \(error)")
        }
        answered.insert(id)
    }

    /// Nil while a script takes its time.
    private func wanted(_ detail: ApprovalDetail) async -> ApproverScript.Decision? {
        guard order.isInteractive else {
            // What is to be broken anew has to be broken first.
            if order.approver.step(after: answered.count).twist == .drift, !isStaged { return nil }
            return order.approver.decide(detail, earlier: answered.count, at: .now())
        }
        return await terminal.ask(detail)
    }

    private func carryOut(_ decision: ApproverScript.Decision, _ detail: ApprovalDetail) async throws -> Approval {
        switch decision {
        case .approve(let number):
            guard let option = detail.options.first(where: { $0.number == number }) else { return detail.approval }
            let approver = try Approver(order.person, in: lab.lab.layout.people)
            let twist = order.isInteractive ? nil : order.approver.step(after: answered.count).twist
            if twist == .drift { try await drift(option) }
            let grants = try approver.grants(for: option, at: .now(), openUntil: detail.approval.expiresAt)
            let body = ApprovalDecision(option: number, grants: grants)
            let approval = try await lab.gate.approve(detail.approval.id, body)
            guard case .revoke(let reason) = twist else { return approval }
            return try await revoke(approval, reason)
        case .deny(let reason): return try await lab.gate.deny(detail.approval.id, reason: reason)
        case .wait: return detail.approval
        }
    }

    /// What the run's incidents say was asked, decided and done; what is said in a later one stands, where it says anything.
    func account(for detail: IncidentDetail) {
        let all = earlier + [detail]
        let proposals = all.flatMap(\.proposals)
        report.approvals = proposals.compactMap { record in
            guard let approval = record.approval else { return nil }
            let wait = (record.decidedAt ?? .now()) - record.requestedAt
            let state = revoked.contains(approval) ? .revoked : Self.state(of: record)
            return RunApproval(id: approval, state: state, by: record.decidedBy, waitS: wait)
        }
        report.approverWaitS = report.approvals.reduce(0) { $0 + $1.waitS }
        let escalation = all.last { $0.escalation != nil }?.escalation
        facts.cause = all.reversed().lazy.compactMap(Cause.init(namedIn:)).first
        facts.hasEscalated = escalation != nil
        report.escalation = escalation?.reason
        facts.actions = proposals.flatMap(\.ranActions)
    }

    private static func state(of record: ProposalRecord) -> ApprovalState {
        switch record.outcome.state {
        case .pending: .pending
        case .denied: .denied
        case .expired: .expired
        case .superseded: .superseded
        default: .approved
        }
    }
}
