import OpsModel
import OpsTrust

extension AgentDesk {
    /// Plans each option, lets policy decide, and stores the proposal with what a person would sign.
    ///
    /// The rules are read in the transaction that stores their decision, so that none comes between the two.
    func propose(_ proposal: Proposal, by key: IncidentKey) async throws -> ProposalReceipt {
        let record = try await alive(key)
        // Spares ActionPlane the plans; the answer that counts comes with the decision.
        let pauses = GroundRules(pauses: try await store.pauses())
        try IncidentStateMachine(record: record, now: .now()).requireActive(under: pauses)
        // The epoch first: a stop that comes between the two is seen in the policy, one that comes later by the epoch.
        let epoch = try await store.epoch()
        let policy = try await store.policy()
        let number = Identifier.random(prefix: "pro", length: 8)
        let options = try await options(for: proposal, id: number, policy: policy, epoch: epoch, record: record)
        let prepared = PreparedProposal(
            id: number,
            approval: Identifier.random(prefix: "apr", length: 8),
            proposal: proposal,
            options: options,
            verdict: try verdict(policy.decide(proposal, isWitnessed: record.isWitnessed), options),
            expiresAt: .now() + (policy.approvalTimeoutS ?? approvalTimeoutS),
            startedBy: startedBy,
            epoch: epoch,
            basis: policy.word(on: proposal, isWitnessed: record.isWitnessed)
        )
        let after = try await store.decide(key.incident) { record, ground in
            let machine = try IncidentStateMachine(record: record, now: .now()).held(by: key.hash)
            try machine.requireActive(under: ground)
            return try machine.proposed(prepared, under: ground.policies)
        }
        changed.notify()
        return receipt(number, after)
    }

    private func receipt(_ proposal: String, _ record: IncidentRecord) -> ProposalReceipt {
        let kept = record.proposals.first { $0.id == proposal }
        return ProposalReceipt(
            proposal: proposal,
            approval: kept?.approval,
            state: kept?.outcome.state ?? .blocked,
            reason: kept?.outcome.reason
        )
    }

    private func options(
        for proposal: Proposal,
        id: String,
        policy: Policy,
        epoch: Int,
        record: IncidentRecord
    ) async throws -> [ApprovalOption] {
        try requireKnownActions(proposal, try await peers.catalogue())
        let cited = Set(proposal.evidence)
        let evidence = try await store.evidence(record.incident.id).filter { cited.contains($0.evidence ?? "") }
        let preparation = ProposalPreparation(
            instanceID: instanceID,
            organisation: organisation,
            epoch: epoch,
            policy: policy,
            trust: try trust(),
            plan: peers.plan,
            catalogue: try await peers.catalogue()
        )
        return try await preparation.options(for: proposal, id: id, in: record, evidence: evidence)
    }

    /// Repeats what is unknown in the order of asking: any other would tell something about the names behind the words.
    private func requireKnownActions(_ proposal: Proposal, _ catalogue: [ActionDescription]) throws(GateRefusal) {
        let known = Set(catalogue.map(\.name))
        let steps = proposal.options.flatMap(\.steps)
        var seen = known
        let unknown = steps.map(\.action).filter { seen.insert($0).inserted }
        guard unknown.isEmpty else {
            throw GateRefusal(
                .proposalInvalid,
                "no such action: \(unknown.joined(separator: ", "))",
                hint: "the catalogue has \(known.sorted().joined(separator: ", "))"
            )
        }
        for step in steps { try requireKnownParameters(step, catalogue) }
    }

    /// Does not repeat what a parameter was called: only their values go in under other names.
    private func requireKnownParameters(_ step: ProposedStep, _ catalogue: [ActionDescription]) throws(GateRefusal) {
        guard let schema = catalogue.first(where: { $0.name == step.action })?.parameters,
            schema["additionalProperties"] == false
        else { return }
        let known = schema["properties"]?.objectValue ?? [:]
        guard step.parameters.keys.contains(where: { known[$0] == nil }) else { return }
        throw GateRefusal(
            .proposalInvalid,
            "\(step.action): a parameter is unknown; known are \(known.keys.sorted().joined(separator: ", "))"
        )
    }

    private func verdict(_ decision: Policy.Decision, _ options: [ApprovalOption]) throws -> PolicyVerdict {
        switch decision {
        case .simulate(let reason): return .simulate(reason: reason)
        case .block(let reason): return .block(reason: reason)
        case .requireApproval: return refused(options) ?? .requireApproval
        case .allow:
            guard let signer, let first = options.first, first.refusal == nil else {
                return refused(options) ?? .requireApproval
            }
            let signature = GateSignature(key: signer)
            return try .allow(grants: first.steps.map { try signature.grant(for: $0, as: .policy, at: .now()) })
        }
    }

    /// A proposal whose every option ActionPlane would refuse now is blocked with the first reason.
    private func refused(_ options: [ApprovalOption]) -> PolicyVerdict? {
        guard options.allSatisfy({ $0.refusal != nil }) else { return nil }
        return .block(reason: options.first?.refusal ?? "nothing can be carried out")
    }
}
