import OpsModel

@testable import ControlPlane

/// Agents and people, who ask, decide, change their minds and stop everything.
extension Lab {
    // MARK: The agent

    func stepAgent() -> Bool {
        guard let agent = gate.agent, isRunning(agent) else { return false }
        guard canCommit, let record = gate.records.last, !record.isFinal else { return false }
        if !gate.holdsClaim { return claim(record) }
        switch draw(4) {
        case 0, 2: return propose(record)
        case 1 where hazard(12):
            return asAgent(record, "escalated") { try $0.escalated(Escalation(reason: "enough")) }
        default: return call(record)
        }
    }

    private var key: String { "k\(gate.keys)" }

    private func claim(_ record: IncidentRecord) -> Bool {
        let number = gate.keys + 1
        guard
            let change = try? machine(record).claimed(by: "agent/\(number)", keyHash: "k\(number)", leaseS: Gate.leaseS)
        else { return false }
        gate.keys = number
        gate.holdsClaim = true
        gate.heardAt = (elapsed, gate.deaf)
        commit(change, "claimed")
        return true
    }

    private func call(_ record: IncidentRecord) -> Bool {
        do {
            guard let change = try machine(record).renewed(by: key) else { return false }
            gate.heardAt = (elapsed, gate.deaf)
            commit(change, "renewed")
        } catch {
            gate.holdsClaim = false
        }
        return true
    }

    private func asAgent(
        _ record: IncidentRecord,
        _ event: String,
        _ decide: (IncidentStateMachine) throws -> IncidentChange
    ) -> Bool {
        guard let change = try? decide(machine(record).held(by: key)) else { return false }
        gate.heardAt = (elapsed, gate.deaf)
        commit(change, event)
        return true
    }

    private func propose(_ record: IncidentRecord) -> Bool {
        guard !gate.isFrozen, gate.proposals < 6 else { return false }
        let broken = resources.indices.filter { if case .fault = resources[$0].author { true } else { false } }
        let drafts = (0...draw(4) / 3).map { _ in
            let resource = broken.isEmpty || draw(5) == 0 ? draw(resources.count) : broken[draw(broken.count)]
            let wish: SignedGrant.Wish = draw(5) == 0 ? .keep : .mend
            return Gate.Draft(resource: resource, fingerprint: resources[resource].value, wish: wish, epoch: gate.epoch)
        }
        let prepared = prepared(drafts, gate.proposals + 1)
        guard asAgent(record, "proposed", { try $0.proposed(prepared) }) else {
            return false
        }
        gate.proposals += 1
        gate.drafts[prepared.approval] = drafts
        return true
    }

    private func prepared(_ drafts: [Gate.Draft], _ number: Int) -> PreparedProposal {
        let steps = drafts.map { _ in ProposedStep(action: "repair", parameters: [:]) }
        let shown = steps.map { ApprovalStep(action: $0.action, payload: "", plan: ActionPlan(fingerprint: "f")) }
        return PreparedProposal(
            id: "pro-\(number)",
            approval: "apr-\(number)",
            proposal: Proposal(summary: "repair", options: [ProposedOption(title: "repair", steps: steps)]),
            options: [ApprovalOption(number: 1, title: "repair", digest: "d", steps: shown)],
            verdict: .requireApproval,
            expiresAt: wall + Gate.questionS,
            epoch: gate.epoch
        )
    }

    // MARK: People

    func stepPerson() -> Bool {
        guard canCommit, let record = gate.records.last else { return false }
        switch draw(40) {
        case 0: return toggleAgents()
        case 1: return decide("closed") { $0.record.isFinal ? nil : $0.closed(by: "ann", reason: "drill") }
        case 2...4: return revoke(record)
        case 5, 6: return deny(record)
        case 7, 8: return approve(record, by: record.incident.agent ?? "agent")
        default: return approve(record, by: Gate.people[draw(2)])
        }
    }

    private func decide(_ event: String, _ body: (IncidentStateMachine) throws -> IncidentChange?) -> Bool {
        guard let record = gate.records.last else { return false }
        // A refusal is an answer like any other, and changes nothing.
        guard let change = try? body(machine(record)) else { return false }
        commit(change, event)
        return true
    }

    private func approve(_ record: IncidentRecord, by person: String) -> Bool {
        guard let detail = record.approvals.last, detail.approval.state == .pending,
            let drafts = gate.drafts[detail.approval.id]
        else { return false }
        let grants = drafts.enumerated().map { index, draft in
            SignedGrant(
                id: "grant \(detail.approval.id) \(index + 1) \(gate.grants.count)",
                epoch: draft.epoch,
                resource: draft.resource,
                fingerprint: draft.fingerprint,
                wish: draft.wish,
                expiresAt: wall + 60
            )
        }
        let isSelf = person == detail.approval.requester
        let name = mutant == .approvesItself && isSelf ? "somebody" : person
        let isDone = decide("approved") {
            try $0.approved(detail.approval.id, option: 1, grants: grants.map(\.id), by: name, reason: nil)
        }
        guard isDone else { return false }
        if isSelf { broke("who asked decided") }
        for grant in grants { gate.grants[grant.id] = grant }
        return true
    }

    private func deny(_ record: IncidentRecord) -> Bool {
        guard let approval = record.approvals.last?.approval else { return false }
        return decide("denied") { try $0.denied(approval.id, by: "bob", reason: "no") }
    }

    private func revoke(_ record: IncidentRecord) -> Bool {
        guard let approval = record.approvals.last?.approval else { return false }
        return decide("revoked") { try $0.revoked(approval.id, by: "bob", reason: "second thoughts") }
    }

    /// The epoch's row is held still while an intent is written; whoever raises it waits for that.
    private func toggleAgents() -> Bool {
        guard plane.epochHolds.isEmpty else { return false }
        gate.isFrozen.toggle()
        gate.epoch += 1
        tell("agents \(gate.isFrozen ? "are stopped" : "may go on"), epoch \(gate.epoch)")
        for record in gate.records {
            if let change = machine(record).stopped(by: "ann", epoch: gate.epoch) { commit(change, "stopped") }
        }
        return true
    }

    // MARK: Pages

    /// A page opens an incident, or changes the one that is open.
    func page() -> Bool {
        guard canCommit else { return false }
        let isBroken = resources.contains { if case .fault = $0.author { true } else { false } }
        let status: PageStatus = isBroken || draw(6) == 0 ? .firing : .resolved
        let page = Page(fingerprint: "p1", journey: "checkout", status: status, summary: "checkout", startedAt: wall)
        guard let record = gate.records.last, !record.isFinal else {
            guard status == .firing, gate.records.count < 3 else { return false }
            let id = "inc-\(gate.records.count + 1)"
            let change = IncidentStateMachine.open(id: id, page: page, autonomy: .approve, actionLimit: 4, now: wall)
            gate.records.append(change.record)
            gate.holdsClaim = false
            commit(change, "opened")
            return true
        }
        guard record.incident.pages[0].status != status else { return false }
        return decide("paged") { $0.paged(page) }
    }
}
