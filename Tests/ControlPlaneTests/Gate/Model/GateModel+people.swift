import OpsModel

@testable import ControlPlane

/// What people do: say yes or no to anything that was ever asked, early or late; close; stop agents and let them go on.
extension GateModel {
    var peopleSteps: [Step] {
        var steps: [Step?] = []
        for detail in record.approvals {
            for person in Self.people where tries[person, default: 0] > 0 {
                steps.append(deny(detail.approval.id, person))
                for option in detail.options { steps.append(approve(detail, option.number, person)) }
            }
            steps.append(approve(detail, 1, detail.approval.requester))
            if left.revokes > 0 { steps.append(revoke(detail.approval)) }
        }
        if left.closes > 0 { steps.append(close) }
        if left.stops > 0 { steps.append(toggle) }
        if isPaused { steps += [told, resume] } else if left.pauses > 0 { steps.append(pause) }
        return steps.compactMap(\.self)
    }

    private func approve(_ detail: ApprovalDetail, _ option: Int, _ person: String) -> Step? {
        let id = detail.approval.id
        return decided(
            "\(person) approves option \(option) of \(id)",
            { try approved(detail, option, person, $0) },
            and: {
                $0.tries[person, default: 1] -= 1
                if self.now >= detail.approval.expiresAt { $0.violation = "\(id) was approved after it had expired" }
                if detail.options[option - 1].refusal != nil { $0.violation = "an option was approved that is refused" }
                if self.voided.contains(detail.approval.proposal) {
                    $0.violation = "\(id) was approved although its agent had been paused"
                }
                if person == detail.approval.requester { $0.violation = "who asked decided" }
            }
        )
    }

    private func approved(
        _ detail: ApprovalDetail,
        _ option: Int,
        _ person: String,
        _ machine: IncidentStateMachine
    ) throws -> IncidentChange {
        var machine = machine
        guard let index = machine.record.approvalIndex(detail.approval.id) else {
            throw GateRefusal(.approvalUnknown, "")
        }
        var name = person
        switch mutant {
        case .decidesTwice: machine.record.approvals[index].approval.state = .pending
        case .ignoresExpiry: machine.now = detail.approval.requestedAt
        case .approvesItself: name = "somebody"
        case .approvesTheImpossible:
            for option in detail.options.indices { machine.record.approvals[index].options[option].refusal = nil }
        default: break
        }
        try machine.requireActive(detail.approval.id, under: ground)
        let grants = Array(repeating: "\(epochShown(in: detail))", count: left.steps)
        return try machine.approved(
            detail.approval.id,
            option: option,
            grants: grants,
            by: name,
            reason: nil,
            holdS: left.holds ? Self.tick * 0.8 : 0
        )
    }

    /// A grant is valid under the epoch that stood in the bytes to sign; here the bytes are that number.
    private func epochShown(in detail: ApprovalDetail) -> Int { drafts[detail.approval.id] ?? 0 }

    private func deny(_ id: String, _ person: String) -> Step? {
        decided(
            "\(person) denies \(id)",
            { try $0.denied(id, by: person, reason: "no") },
            and: {
                $0.tries[person, default: 1] -= 1
            }
        )
    }

    private func revoke(_ approval: Approval) -> Step? {
        decided(
            "bob takes \(approval.id) back",
            { machine in
                var change = try machine.revoked(approval.id, by: "bob", reason: "second thoughts")
                if mutant == .forgetsTheRevoke {
                    change.record.execution = machine.record.execution
                    change.record.proposals = machine.record.proposals
                }
                return change
            },
            and: {
                $0.left.revokes -= 1
                $0.revoked.insert(approval.proposal)
            }
        )
    }

    private var close: Step? {
        guard !record.isFinal else { return nil }
        return decided(
            "ann closes the incident",
            { machine in
                var change = machine.closed(by: "ann", reason: "drill")
                if mutant == .forgetsWhatIsUnderWay { change.record.execution = nil }
                return change
            },
            and: { $0.left.closes -= 1 }
        )
    }

    /// Commits the pause alone; each incident is told after it.
    private var pause: Step? {
        changed("the first agent is paused") {
            $0.left.pauses -= 1
            $0.isPaused = true
            $0.voided.formUnion($0.record.proposals.filter { $0.agent == Self.pause.principal }.map(\.id))
        }
    }

    private var told: Step? {
        decided("the incident hears of the pause", { mutant == .forgetsThePause ? nil : $0.paused(Self.pause) })
    }

    /// Whatever still waits is voided first.
    private var resume: Step? {
        changed("the first agent may go on") {
            if mutant != .forgetsThePause, let change = $0.machine.paused(Self.pause) { $0.commit(change) }
            $0.isPaused = false
        }
    }

    private static let pause = AgentPause(
        agent: "1",
        isPaused: true,
        reason: "drill",
        changedBy: "ann",
        changedAt: start
    )

    var ground: GroundRules { GroundRules(pauses: isPaused ? [Self.pause] : []) }

    private var toggle: Step? {
        changed(isFrozen ? "agents may go on" : "agents are stopped") {
            $0.left.stops -= 1
            $0.isFrozen.toggle()
            $0.epoch += 1
            if let change = $0.machine.stopped(by: "ann", epoch: $0.epoch) { $0.commit(change) }
        }
    }
}
