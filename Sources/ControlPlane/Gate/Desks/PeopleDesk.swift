import OpsModel
import OpsTrust

/// Where people are served: they look, decide, set how much agents may do, and stop them.
struct PeopleDesk: Sendable {
    var store: any GateStore
    var changed: ChangeSignal
    /// How long a person has to decide until somebody sets it, in seconds.
    var approvalTimeoutS: Double
    /// Vouches for people who say yes without a key of theirs; nil where the gate has no key of its own.
    var signature: GateSignature?
    /// Who started the lab; nil while nobody has said so.
    var startedBy: String?
    /// The file that says who has which role; empty when there is none.
    var rolesFile = ""
    var inspection: @Sendable () throws -> GrantInspection

    /// How much agents may do now, every member filled in: given back as it is, it changes nothing.
    func autonomy() async throws -> AutonomySetting { shown(try await store.policy()) }

    /// Takes over what was asked for; what was left out stays.
    func set(_ wanted: AutonomySetting, by person: String) async throws -> AutonomySetting {
        try Policy.check(wanted, usual: approvalTimeoutS)
        return shown(try await store.changePolicy(by: person) { $0.apply(wanted) })
    }

    private func shown(_ policy: Policy) -> AutonomySetting {
        AutonomySetting(
            level: policy.autonomy,
            windowS: policy.windowS,
            automatic: policy.automatic.sorted(),
            approvalTimeoutS: policy.approvalTimeoutS ?? approvalTimeoutS,
            holdS: policy.holdS ?? 0
        )
    }

    func incidents(limit: Int) async throws -> [Incident] { try await store.records(limit: limit).map(\.incident) }

    func detail(_ id: String) async throws -> IncidentDetail {
        let record = try await store.record(id)
        return IncidentDetail(
            incident: record.incident,
            diagnoses: record.diagnoses,
            proposals: record.proposals,
            escalation: record.escalation,
            evidence: try await store.evidence(id),
            events: try await store.events(id, after: 0)
        )
    }

    func approvals(_ state: ApprovalState?) async throws -> [Approval] {
        try await store.records(limit: 200).flatMap(\.approvals).map(\.approval)
            .filter { state == nil || $0.state == state }
    }

    /// The approval with the evidence that its diagnosis cites, and nothing that it does not.
    func approval(_ id: String) async throws -> ApprovalDetail {
        let (record, index) = try await find(id)
        var detail = record.approvals[index]
        let proposal = record.proposals.first { $0.approval == id }
        let cited = Set((detail.diagnosis?.evidence ?? []) + (proposal?.proposal.evidence ?? []))
        detail.evidence = try await store.evidence(record.incident.id).filter { cited.contains($0.evidence ?? "") }
        return detail
    }

    func approve(_ id: String, _ decision: ApprovalDecision) async throws -> Approval {
        let inspection = try inspection()
        return try await approve(id, option: decision.option, reason: decision.reason, under: inspection) { option, _ in
            let key = try inspection.signer(of: decision.grants, for: option, at: .now())
            return Yes(person: key.name, grants: decision.grants, keyID: key.id)
        }
    }

    /// Somebody whom the gate knows by a sign-in says yes, where ActionPlane takes the gate's word for that.
    func attest(_ id: String, option number: Int, by person: String) async throws -> Approval {
        let inspection = try inspection()
        return try await approve(id, option: number, reason: nil, under: inspection) { option, approval in
            guard let signature, option.isAttestable(under: inspection.trust) else {
                throw GateRefusal(
                    .optionRefused,
                    "option \(number) of \(id) needs a person's own signature",
                    hint: "opslab approve \(id) --option \(number)"
                )
            }
            let grants = try option.steps.map {
                try signature.grant(
                    for: $0,
                    as: .humanAttested,
                    by: [person],
                    openUntil: approval.expiresAt,
                    at: .now()
                )
            }
            return Yes(person: person, grants: grants, keyID: signature.key.id, isAttested: true)
        }
    }

    /// The numbers of the options for which a sign-in is enough.
    func attestable(_ detail: ApprovalDetail) throws -> Set<Int> {
        guard signature != nil else { return [] }
        let trust = try inspection().trust
        return Set(detail.options.filter { $0.isAttestable(under: trust) }.map(\.number))
    }

    private func approve(
        _ id: String,
        option number: Int?,
        reason: String?,
        under inspection: GrantInspection,
        _ yes: (ApprovalOption, Approval) throws -> Yes
    ) async throws -> Approval {
        let (record, index) = try await find(id)
        guard let option = record.approvals[index].options.first(where: { $0.number == number }) else {
            throw GateRefusal(
                .approvalInvalid,
                "\(id) has no option \(number.map(String.init) ?? "given")",
                hint: "options are 1 to \(record.approvals[index].options.count)"
            )
        }
        let yes = try yes(option, record.approvals[index].approval)
        let electorate = Electorate(ring: inspection.trust.ring, startedBy: startedBy) {
            inspection.stands($0, for: $1, at: .now())
        }
        let roles = try ApproverRoles(inspection.trust.ring, file: rolesFile, at: .now())
        let policy = try await store.policy()
        // A stop voids each question for itself; one that it has not come to yet is over all the same.
        if policy.isFrozen, record.approvals[index].approval.state == .pending {
            throw GateRefusal(
                .optionRefused,
                "agents are stopped, and what \(id) asks for with them",
                hint: "opslab agents resume; the agent has to ask again"
            )
        }
        let holdS = policy.holdS ?? 0
        return try await decide(id) { machine, ground in
            try machine.requireActive(id, under: ground)
            return try machine.approved(
                id,
                option: option.number,
                grants: yes.grants,
                by: yes.person,
                isAttested: yes.isAttested,
                keyID: yes.keyID,
                reason: reason,
                holdS: holdS,
                under: ground.policies,
                roles: roles,
                among: electorate
            )
        }
    }

    func deny(_ id: String, _ decision: ApprovalDecision, by person: String) async throws -> Approval {
        guard let reason = decision.reason, !reason.isEmpty else {
            throw GateRefusal(.approvalInvalid, "a denial needs a reason", hint: "the agent plans again with it")
        }
        return try await decide(id) { machine, _ in try machine.denied(id, by: person, reason: reason) }
    }

    func revoke(_ id: String, _ decision: ApprovalDecision, by person: String) async throws -> Approval {
        guard let reason = decision.reason, !reason.isEmpty else {
            throw GateRefusal(.approvalInvalid, "to take it back needs a reason", hint: "the agent plans again with it")
        }
        return try await decide(id) { machine, _ in try machine.revoked(id, by: person, reason: reason) }
    }

    private func decide(
        _ id: String,
        _ decision: @escaping @Sendable (IncidentStateMachine, GroundRules) throws -> IncidentChange
    ) async throws -> Approval {
        let (record, index) = try await find(id)
        let after = try await store.decide(record.incident.id) { record, ground in
            try decision(IncidentStateMachine(record: record, now: .now()), ground)
        }
        changed.notify()
        return after.approvals[index].approval
    }

    func close(_ id: String, by person: String, reason: String) async throws -> Incident {
        let after = try await store.change(id) {
            IncidentStateMachine(record: $0, now: .now()).closed(by: person, reason: reason)
        }
        changed.notify()
        return after.incident
    }

    private func find(_ id: String) async throws -> (IncidentRecord, Int) {
        for record in try await store.records(limit: 200) {
            if let index = record.approvalIndex(id) { return (record, index) }
        }
        throw GateRefusal(.approvalUnknown, "there is no approval \(id)", hint: "opslab approvals lists them")
    }
}
