import OpsTrust

/// What this service itself demands of a grant, whatever the gate thinks.
///
/// A grant that the gate merely attests for a person is signed with the gate's own key. It counts as the gate's word: where
/// a human is demanded, a human's key is. Only a ceiling that says so takes it for a person's decision.
struct CeilingRule: Hashable, Sendable {
    let authority: TrustFile.Authority

    func check(_ grants: [KeyRing.Verified]) throws(ActionError) {
        switch authority {
        case .policy: try checkSingle(grants)
        case .humanAttested:
            try checkSingle(grants)
            try checkDecided(grants)
        case .human, .humanSigned:
            try checkSingle(grants)
            try checkHuman(grants)
        case .twoHumans:
            try checkHuman(grants)
            try checkPair(grants)
        }
    }

    private func checkSingle(_ grants: [KeyRing.Verified]) throws(ActionError) {
        guard grants.count == 1 else { throw ActionError(.grantMalformed, "this action takes exactly one grant") }
    }

    /// The gate's word counts only with the name of whom it is for.
    private func checkDecided(_ grants: [KeyRing.Verified]) throws(ActionError) {
        let payloads = grants.map(\.grant.payload)
        guard payloads.allSatisfy({ $0.kind != .policy && !$0.decidedBy.isEmpty }) else {
            throw ActionError(
                .ceilingExceeded,
                "this action needs a person's decision (ceiling: \(authority.rawValue))",
                hint: "approve it with `opslab approve`, or on the gate's page"
            )
        }
    }

    private func checkHuman(_ grants: [KeyRing.Verified]) throws(ActionError) {
        guard grants.allSatisfy({ $0.grant.payload.kind == .human }) else {
            throw ActionError(
                .ceilingExceeded,
                "this action needs a grant that a person signed (ceiling: \(authority.rawValue))",
                hint: "approve it with `opslab approve`"
            )
        }
    }

    private func checkPair(_ grants: [KeyRing.Verified]) throws(ActionError) {
        guard grants.count == 2, grants[0].signer.id != grants[1].signer.id,
            grants[0].signer.name != grants[1].signer.name,
            grants[0].grant.payload.grantID != grants[1].grant.payload.grantID
        else {
            throw ActionError(
                .ceilingExceeded,
                "this action needs the grants of two different people",
                hint: "send both grants, separated by a space"
            )
        }
        guard grants[0].grant.payload.withoutSigner == grants[1].grant.payload.withoutSigner else {
            throw ActionError(.grantInvalid, "the two people allowed different things")
        }
    }
}

extension GrantPayload {
    /// The payload without what two signers of the same thing may differ in.
    fileprivate var withoutSigner: GrantPayload {
        var payload = self
        payload.keyID = ""
        payload.grantID = ""
        payload.decidedBy = []
        payload.issuedAt = 0
        payload.notBefore = 0
        payload.expiresAt = 0
        return payload
    }
}
