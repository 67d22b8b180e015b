import OpsModel
import OpsTrust

/// Checks that a person's grants say exactly what was shown, before the gate stores the decision.
///
/// ActionPlane checks signature, time and facts again by itself; this check only spares a person a late refusal.
struct GrantInspection: Sendable {
    /// Whose signatures count, and what ActionPlane demands; the gate's copy, which it cannot write.
    var trust: TrustFile
    var instanceID: String

    /// The key of the person who signed every grant of the option.
    func signer(of grants: [String], for option: ApprovalOption, at now: Timestamp) throws(GateRefusal) -> TrustedKey {
        guard grants.count == option.steps.count else {
            throw GateRefusal(
                .grantInvalid,
                "option \(option.number) needs \(option.steps.count) grants, not \(grants.count)"
            )
        }
        var signers: Set<TrustedKey> = []
        for (grant, step) in zip(grants, option.steps) {
            let key = try verify(grant, step, at: now).signer
            guard key.role == .approver else { throw GateRefusal(.grantInvalid, "only a person's key approves") }
            signers.insert(key)
        }
        guard signers.count == 1, let signer = signers.first else {
            throw GateRefusal(.grantInvalid, "all steps of an option are signed by the same person")
        }
        return signer
    }

    /// Whether what was signed earlier would still be taken now, with this option as it was shown.
    func stands(_ ballot: Ballot, for option: ApprovalOption, at now: Timestamp) -> Bool {
        ballot.grants.count == option.steps.count
            // refused is refused
            && zip(ballot.grants, option.steps).allSatisfy { (try? verify($0, $1, at: now)) != nil }
    }

    private func verify(
        _ text: String,
        _ step: ApprovalStep,
        at now: Timestamp
    ) throws(GateRefusal) -> KeyRing.Verified {
        let verified: KeyRing.Verified
        do {
            verified = try trust.ring.verify(text, for: .init(instanceID: instanceID), at: now)
        } catch {
            throw GateRefusal(
                .grantInvalid,
                "\(error)",
                hint: "approve with a key that this lab knows: opslab keys list"
            )
        }
        guard isSame(verified.grant.payload, asShownIn: step) else {
            throw GateRefusal(.grantInvalid, "the grant is not for what was shown", hint: "look at the approval again")
        }
        return verified
    }

    private func isSame(_ payload: GrantPayload, asShownIn step: ApprovalStep) -> Bool {
        guard let bytes = Base64URL.decode(step.payload),
            let shown = try? OpsJSON.decode(GrantPayload.self, from: bytes)  // what is unreadable is not the same
        else { return false }
        var stripped = payload
        stripped.keyID = shown.keyID
        stripped.grantID = shown.grantID
        stripped.kind = shown.kind
        stripped.decidedBy = shown.decidedBy
        stripped.issuedAt = shown.issuedAt
        stripped.notBefore = shown.notBefore
        stripped.expiresAt = shown.expiresAt
        return stripped == shown
    }
}
