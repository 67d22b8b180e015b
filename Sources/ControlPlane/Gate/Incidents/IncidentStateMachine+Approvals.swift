import OpsModel

/// What people decide, and what their silence means.
extension IncidentStateMachine {
    /// A person says yes to one option: it begins with the last yes that is needed, and with none before.
    ///
    /// The caller has already checked each grant's signature and bytes.
    func approved(
        _ id: String,
        option: Int,
        grants: [String],
        by person: String,
        isAttested: Bool = false,
        keyID: String = "",
        reason: String?,
        holdS: Double = 0,
        under rules: PolicySet = .empty,
        roles: ApproverRoles = .none,
        among electorate: Electorate = Electorate()
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
        try electorate.admit(person, to: chosen, of: detail.approval, isFourEyes: ruling.fourEyes, at: now)
        var change = IncidentChange(record)
        dropFallen(&change, approval: index, electorate)
        let vote = ApprovalVote(
            person: person,
            root: electorate.root(of: person),
            option: option,
            keyID: keyID,
            at: now,
            isAttested: isAttested
        )
        try requireFirst(vote, among: change.record.approvals[index].approval.votes, of: id)
        change.record.approvals[index].approval.votes.append(vote)
        let votes = change.record.approvals[index].approval.votes.filter { $0.option == option }
        let ballot = Ballot(approval: id, root: vote.root, option: option, grants: grants)
        let ballots = (change.record.ballots ?? []).filter { $0.approval == id && $0.option == option } + [ballot]
        guard votes.count >= chosen.quorum else {
            change.record.ballots = (change.record.ballots ?? []) + [ballot]
            tell(&change, vote, votes.count, chosen)
            return change
        }
        decide(&change, approval: index, as: .approved, by: votes.map(\.person), reason: reason)
        change.record.approvals[index].approval.option = option
        change.record.approvals[index].approval.isAttested = votes.contains(where: \.isAttested)
        let others = votes.count > 1 ? ", the last of \(votes.count)" : ""
        var told: [String: JSONValue] = [
            "by": .string(person), "attested": .bool(isAttested), "option": .int(option),
            "digest": .string(chosen.digest), "kid": .string(keyID),
            "policies": .array(ruling.applied.map { .string($0.label) }),
        ]
        if votes.count > 1 { told["decided_by"] = .array(votes.map { .string($0.person) }) }
        change.tell(
            "approval.granted",
            "\(person) approved option \(option)\(isAttested ? " in a browser" : "")\(others): \(chosen.title)",
            .object(told)
        )
        start(
            &change,
            proposal: detail.approval.proposal,
            option: option,
            grants: chosen.steps.indices.map { step in ballots.map { $0.grants[step] }.joined(separator: " ") },
            by: votes.map(\.person),
            holdS: holdS
        )
        return change
    }

    /// A person has one yes, under whatever name; to say no is still theirs.
    private func requireFirst(_ vote: ApprovalVote, among votes: [ApprovalVote], of id: String) throws(GateRefusal) {
        guard let earlier = votes.first(where: { $0.root == vote.root }) else { return }
        let other = earlier.person == vote.person ? "" : " as \(earlier.person)"
        throw GateRefusal(
            .alreadyVoted,
            "\(vote.person) has said yes to option \(earlier.option) of \(id) already\(other)",
            hint: "another person has to say yes, too; opslab deny \(id) --reason TEXT says no"
        )
    }

    /// A yes counts for nothing any more when its key was taken away since.
    private func dropFallen(_ change: inout IncidentChange, approval index: Int, _ electorate: Electorate) {
        let detail = record.approvals[index]
        let fallen = (record.ballots ?? []).filter { ballot in
            guard ballot.approval == detail.approval.id else { return false }
            return detail.options.first { $0.number == ballot.option }.map { !electorate.stands(ballot, $0) } ?? true
        }
        for ballot in fallen {
            change.record.ballots?.removeAll { $0 == ballot }
            change.record.approvals[index].approval.votes.removeAll { $0.root == ballot.root }
            change.tell(
                "approval.vote_dropped",
                "what \(ballot.root) signed is not accepted any more",
                ["approval": .string(ballot.approval), "root": .string(ballot.root)]
            )
        }
    }

    private func tell(_ change: inout IncidentChange, _ vote: ApprovalVote, _ count: Int, _ option: ApprovalOption) {
        change.tell(
            "approval.voted",
            "\(vote.person) said yes to option \(option.number)\(vote.isAttested ? " without a signature" : ""), "
                + "\(count) of \(option.quorum): \(option.title)",
            [
                "by": .string(vote.person), "root": .string(vote.root), "kid": .string(vote.keyID),
                "attested": .bool(vote.isAttested), "option": .int(option.number), "digest": .string(option.digest),
                "votes": .int(count), "quorum": .int(option.quorum),
            ]
        )
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
        guard ruling.quorum <= option.quorum else {
            throw GateRefusal(
                .optionRefused,
                "policies want \(ruling.quorum) people by now, and option \(option.number) of \(id) was asked of "
                    + "\(option.quorum)",
                hint: "deny it with a reason: the agent asks again, of as many"
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
        let id = change.record.approvals[index].approval.id
        change.record.ballots?.removeAll { $0.approval == id }
        if change.record.ballots?.isEmpty == true { change.record.ballots = nil }
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
