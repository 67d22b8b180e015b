import OpsModel
import OpsTrust

/// The gate's own word under a step that was shown: policy allows it, or a person said yes without a key of theirs.
///
/// What it is worth is ActionPlane's to say, action by action.
struct GateSignature: Sendable {
    /// How long such a grant is good, in milliseconds.
    static let lifetime = 60_000

    var key: SigningKey

    /// A new grant for exactly this step, good once and from now on.
    func grant(
        for step: ApprovalStep,
        as kind: GrantPayload.Kind,
        by people: [String] = [],
        openUntil end: Timestamp? = nil,
        at now: Timestamp
    ) throws -> String {
        var payload = try OpsJSON.decode(GrantPayload.self, from: Base64URL.decode(step.payload) ?? [])
        let milliseconds = Int(now.microseconds / 1_000)
        payload.kind = kind
        payload.grantID = Hex.encode(randomBytes(16))
        payload.decidedBy = people
        payload.issuedAt = milliseconds
        payload.notBefore = milliseconds
        payload.expiresAt = payload.end(from: milliseconds, openUntil: end)
        return try Grant(payload, signedBy: key).text
    }
}
