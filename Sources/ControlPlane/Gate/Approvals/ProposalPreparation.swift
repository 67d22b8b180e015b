import OpsModel
import OpsTrust

/// Turns an agent's options into exact bytes that a person can sign.
///
/// Each step is planned by ActionPlane; its facts become the fingerprint inside the payload, so that a decision is about
/// the world as it was shown and about no other.
struct ProposalPreparation: Sendable {
    var instanceID: String
    var organisation: String
    var epoch: Int
    var policy: Policy
    /// What ActionPlane demands, as far as the gate's copy says it.
    var trust: TrustFile?
    /// Plans one step, or says why it cannot be planned.
    var plan: @Sendable (_ action: String, _ parameters: [String: JSONValue]) async throws -> ActionPlan
    var catalogue: [ActionDescription]

    func options(
        for proposal: Proposal,
        id: String,
        in record: IncidentRecord,
        evidence: [ReadAnswer]
    ) async throws -> [ApprovalOption] {
        let evidenceDigest = Digest.sha256(try OpsJSON.encode(evidence)).hex
        var options: [ApprovalOption] = []
        for (index, option) in proposal.options.enumerated() {
            options.append(
                try await prepare(
                    option,
                    number: index + 1,
                    of: proposal,
                    proposal: id,
                    record: record,
                    evidence: evidenceDigest
                )
            )
        }
        return options
    }

    private func prepare(
        _ option: ProposedOption,
        number: Int,
        of whole: Proposal,
        proposal: String,
        record: IncidentRecord,
        evidence: String
    ) async throws -> ApprovalOption {
        var steps: [ApprovalStep] = []
        var facts: [PolicyFacts] = []
        let shown = Digest.sha256(try OpsJSON.encode(option)).hex
        for (index, step) in option.steps.enumerated() {
            let plan = try await plan(step.action, step.parameters)
            let known = catalogue.first { $0.name == step.action }
            facts.append(PolicyFacts(of: step, planned: plan, as: known, in: whole, of: record, at: .now()))
            let payload = GrantPayload(
                grantID: "",
                kind: .human,
                organisation: organisation,
                instanceID: instanceID,
                incident: record.incident.id,
                run: proposal,
                step: "\(number).\(index + 1)",
                agent: record.incident.agent ?? "agent",
                requester: record.incident.agent ?? "agent",
                action: step.action,
                actionVersion: known?.version ?? 1,
                parameters: step.parameters,
                target: plan.resources.first ?? step.action,
                stateFingerprint: plan.fingerprint,
                evidenceDigest: evidence,
                optionDigest: shown,
                policyID: policy.id,
                policyVersion: policy.version,
                epoch: epoch,
                decidedBy: [],
                issuedAt: 0,
                notBefore: 0,
                expiresAt: 0
            )
            steps.append(
                ApprovalStep(
                    action: step.action,
                    parameters: step.parameters,
                    payload: Base64URL.encode(try OpsJSON.encode(payload)),
                    plan: plan
                )
            )
        }
        let refusal = steps.flatMap(\.plan.refusals).first
        let people = option.steps.map { trust?.people(for: $0.action) ?? 1 }.max() ?? 1
        var prepared = ApprovalOption(
            number: number,
            title: option.title,
            why: option.why,
            digest: ApprovalOption.digest(of: steps),
            steps: steps,
            refusal: refusal,
            quorum: people,
            facts: facts
        )
        if people > 1 { prepared.seal() }
        return prepared
    }
}
