import OpsModel
import OpsSystem
import OpsTrust

/// Decides whether a grant allows exactly this, from this service's own file of trusted keys and ceilings.
///
/// The file is read for every grant, so a key that was removed is refused at once.
struct GrantVerifier: Sendable {
    /// The longest life of a grant, in milliseconds.
    static let longestLife = 60_000
    /// The longest life of one of several that only count together: a day to decide, and the minute of the last.
    static let longestVote = 86_400_000 + longestLife

    let trustPath: String
    let instanceID: String
    /// In whose name this service acts.
    let organisation: String

    /// Verifies one grant, or several joined by white space where the ceiling or the grants themselves ask for several people.
    func verify(
        _ text: String,
        for action: ActionDescription,
        parameters: [String: JSONValue],
        at now: Timestamp,
        forgettingBefore horizon: Timestamp?
    ) throws(ActionError) -> AuthorisedGrant {
        let trust = try readTrust()
        var verified: [KeyRing.Verified] = []
        for part in text.split(whereSeparator: \.isWhitespace).prefix(GrantPayload.quorums.upperBound + 1) {
            verified.append(try verify(part, with: trust.ring, at: now, forgettingBefore: horizon))
        }
        guard let first = verified.first, verified.count <= GrantPayload.quorums.upperBound else {
            throw ActionError(.grantMalformed, "one grant is needed, or some signed by different people")
        }
        for one in verified { try check(one.grant.payload, against: action, parameters: parameters) }
        try CeilingRule(authority: trust.authority(for: action.name), ring: trust.ring).check(verified)
        try checkFresh(verified.map(\.grant.payload), at: now)
        return AuthorisedGrant(
            payload: first.grant.payload,
            ids: verified.map(\.grant.payload.grantID),
            signers: verified.map(\.signer.name),
            issuedAt: verified.map(\.grant.payload.issuedAt).min() ?? first.grant.payload.issuedAt,
            lastsUntil: verified.map(\.grant.payload.expiresAt).max() ?? first.grant.payload.expiresAt
        )
    }

    /// Some of several may wait for the others; the last of them is as young as one alone would have to be.
    private func checkFresh(_ payloads: [GrantPayload], at now: Timestamp) throws(ActionError) {
        let youngest = payloads.map(\.issuedAt).max() ?? 0
        guard Int(now.microseconds / 1_000) - youngest <= Self.longestLife else {
            throw ActionError(
                .grantInvalid,
                "the last of these people signed more than \(Self.longestLife / 1_000) s ago"
            )
        }
    }

    private func readTrust() throws(ActionError) -> TrustFile {
        do {
            return try OpsJSON.decode(TrustFile.self, from: FileSystem.read(trustPath, limit: 1 << 20))
        } catch {
            throw ActionError(
                .grantInvalid,
                "the file of trusted keys cannot be read, so no grant is accepted",
                hint: "look at \(trustPath)"
            )
        }
    }

    private func verify(
        _ text: Substring,
        with ring: KeyRing,
        at now: Timestamp,
        forgettingBefore horizon: Timestamp?
    ) throws(ActionError) -> KeyRing.Verified {
        let verified: KeyRing.Verified
        do throws(TrustError) {
            verified = try ring.verify(text, for: .init(instanceID: instanceID), at: now)
        } catch {
            let code: ActionError.Code = error.code == .malformed ? .grantMalformed : .grantInvalid
            throw ActionError(code, error.message, details: ["reason": .string(error.code.rawValue)])
        }
        let payload = verified.grant.payload
        let longest = payload.people > 1 ? Self.longestVote : Self.longestLife
        guard payload.expiresAt - payload.notBefore <= longest else {
            throw ActionError(.grantInvalid, "the grant holds longer than \(longest / 1_000) s")
        }
        if let horizon, payload.issuedAt < horizon.microseconds / 1_000 {
            throw ActionError(
                .grantForgotten,
                "the grant is older than this service's memory, so whether it was used is not known",
                hint: "ask for a new grant"
            )
        }
        return verified
    }

    private func check(
        _ payload: GrantPayload,
        against action: ActionDescription,
        parameters: [String: JSONValue]
    ) throws(ActionError) {
        guard payload.organisation == organisation else {
            throw ActionError(.grantInvalid, "the grant is for another organisation")
        }
        guard payload.action == action.name, parameters.isEmpty || parameters == payload.parameters else {
            throw ActionError(.parametersDiffer, "the request asks for something else than the grant allows")
        }
        guard payload.actionVersion == action.version else {
            throw ActionError(
                .actionChanged,
                "the grant is for version \(payload.actionVersion) of \(action.name), this is \(action.version)"
            )
        }
        guard !payload.decidedBy.contains(payload.requester), !payload.decidedBy.contains(payload.agent) else {
            throw ActionError(.deciderIsRequester, "whoever asks for an action cannot allow it")
        }
    }
}
