import OpsModel
import OpsTrust

/// A person's permission for the action that they themselves ask for: good once, for a minute, for the plan they saw.
struct PersonalGrant {
    let person: String
    let instanceID: String
    let epoch: Int
    /// The version of the action in the catalogue.
    let version: Int

    /// Signs what was planned with the key in this file.
    func sign(_ planned: ActionResult, keyPath: String) throws(TrustError) -> String {
        try Grant(payload(planned, at: .now()), signedBy: SigningKey.read(from: keyPath)).text
    }

    private func payload(_ planned: ActionResult, at now: Timestamp) -> GrantPayload {
        let milliseconds = Int(now.microseconds / 1_000)
        return GrantPayload(
            grantID: Hex.encode((0..<16).map { _ in UInt8.random(in: .min ... .max) }),
            kind: .human,
            organisation: "lab",
            instanceID: instanceID,
            incident: "",
            run: "",
            step: "1",
            agent: "",
            requester: "shell",
            action: planned.action,
            actionVersion: version,
            parameters: planned.parameters,
            target: planned.plan?.resources.first ?? "",
            stateFingerprint: planned.plan?.fingerprint ?? "",
            evidenceDigest: "",
            optionDigest: "",
            policyID: "",
            policyVersion: 0,
            epoch: epoch,
            decidedBy: [person],
            issuedAt: milliseconds,
            notBefore: milliseconds,
            expiresAt: milliseconds + 60_000
        )
    }
}
