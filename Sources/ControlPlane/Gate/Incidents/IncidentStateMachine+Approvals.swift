import OpsModel

/// What people decide, and what their silence means.
extension IncidentStateMachine {
    /// A person says yes to one option.
    ///
    /// The caller has already checked each grant's signature and bytes.
    func approved(
        _ id: String,
        option: Int,
        grants: [String],
        by person: String,
        isAttested: Bool = false,
        reason: String?,
        holdS: Double = 0,
        under rules: PolicySet = .empty,
        roles: ApproverRoles = .none
    ) throws(GateRefusal)
        -> IncidentChange
    {
        let index = try pending(id)
        let detail = record.approvals[index]
        guard person != detail.approval.requester else {
            throw GateRefusal(.selfApproval, "who asks does not decide", hint: "another person has to approve \(id)")
        }
        guard let chosen = detail.options.first(where: { $0.number == option }) else {
            throw GateRefusal(
                .approvalInvalid,
                "\(id) has no option \(option)",
                hint: "options are 1 to \(detail.options.count)"
            )
        }
        guard grants.count == chosen.steps.count else {
            throw GateRefusal(
                .grantInvalid,
                "option \(option) has \(chosen.steps.count) steps and needs as many grants"
            )
        }
        try requirePossible(chosen, of: id)
        let ruling = try requireAllowed(chosen, of: id, by: person, rules, roles)
        var change = IncidentChange(record)
        decide(&change, approval: index, as: .approved, by: [person], reason: reason)
        change.record.approvals[index].approval.option = option
        change.record.approvals[index].approval.isAttested = isAttested
        change.tell(
            "approval.granted",
            "\(person) approved option \(option)\(isAttested ? " in a browser" : ""): \(chosen.title)",
            [
                "by": .string(person), "attested": .bool(isAttested), "option": .int(option),
                "digest": .string(chosen.digest),
                "policies": .array(ruling.applied.map { .string($0.label) }),
            ]
        )
        start(&change, proposal: detail.approval.proposal, option: option, grants: grants, by: [person], holdS: holdS)
        return change
    }

    /// A person says no, with a reason for the agent.
    func denied(_ id: String, by person: String, reason: String) throws(GateRefusal) -> IncidentChange {
        let index = try pending(id)
        guard person != record.approvals[index].approval.requester else {
            throw GateRefusal(.selfApproval, "who asks does not decide")
        }
        var change = IncidentChange(record)
        decide(&change, approval: index, as: .denied, by: [person], reason: reason)
        settle(&change, proposal: record.approvals[index].approval.proposal, as: .denied, reason: reason)
        change.tell("approval.denied", "\(person) said no: \(reason)", ["by": .string(person)])
        goOn(&change)
        return change
    }

    /// An option that ActionPlane would refuse is not asked of it, whoever signs.
    private func requirePossible(_ option: ApprovalOption, of id: String) throws(GateRefusal) {
        if let refusal = option.refusal {
            throw GateRefusal(
                .optionRefused,
                "option \(option.number) of \(id) cannot be carried out: \(refusal)",
                hint: "approve another option, or deny with a reason"
            )
        }
        guard option.steps.count <= record.actionsLeft else {
            throw GateRefusal(
                .actionsExhausted,
                "option \(option.number) of \(id) has \(option.steps.count) steps, \(record.actionsLeft) may be taken",
                hint: "approve a shorter option, or deny with a reason"
            )
        }
    }

    /// Asks the rules once more, as they are now: what was asked under others is not allowed by that.
    ///
    /// Whoever approves has to be one of those that the rules want, those of then and those of now.
    private func requireAllowed(
        _ option: ApprovalOption,
        of id: String,
        by person: String,
        _ rules: PolicySet,
        _ roles: ApproverRoles
    ) throws(GateRefusal) -> PolicyRuling {
        var ruling = PolicyRuling()
        for facts in option.facts { ruling.take(rules.ruling(on: facts.at(now))) }
        if let decisive = ruling.decisive, decisive.action > .requireApproval {
            throw GateRefusal(
                .optionRefused,
                "option \(option.number) of \(id) is no longer allowed: \(decisive.refusal)",
                hint: "deny it with a reason, or change the policy: opslab policies show \(decisive.id)"
            )
        }
        let wanted = option.requiredFrom + ruling.requirements
        guard let missing = wanted.first(where: { !roles.allows(person, $0) }) else { return ruling }
        throw GateRefusal(
            .approverNotAllowed,
            "\(person) may not approve option \(option.number) of \(id): policy \(missing.policy) wants "
                + missing.from.joined(separator: " or "),
            hint: "somebody of these has to approve it"
        )
    }

    func decide(
        _ change: inout IncidentChange,
        approval index: Int,
        as state: ApprovalState,
        by people: [String],
        reason: String?
    ) {
        change.record.approvals[index].approval.state = state
        change.record.approvals[index].approval.decidedBy = people
        change.record.approvals[index].approval.decidedAt = now
        change.record.approvals[index].approval.reason = reason
    }

    private func pending(_ id: String) throws(GateRefusal) -> Int {
        guard let index = record.approvalIndex(id) else {
            throw GateRefusal(.approvalUnknown, "there is no approval \(id)", hint: "opslab approvals lists them")
        }
        let approval = record.approvals[index].approval
        switch approval.state {
        case .pending where approval.expiresAt > now: return index
        case .pending, .expired:
            throw GateRefusal(
                .approvalExpired,
                "\(id) expired at \(approval.expiresAt)",
                hint: "the agent has to ask again"
            )
        default:
            throw GateRefusal(.approvalDecided, "\(id) is \(approval.state.rawValue) already")
        }
    }
}
