import OpsTrust

/// What this service itself demands of a grant, whatever the gate thinks.
///
/// A grant that the gate merely attests for a person is signed with the gate's own key. It counts as the gate's word: where
/// a human is demanded, a human's key is. Only a ceiling that says so takes it for a person's decision.
struct CeilingRule: Hashable, Sendable {
    let authority: TrustFile.Authority
    /// Which names are one person.
    var ring = KeyRing()

    /// The ceiling first, then what the signed bytes themselves say of how many sign and who may not.
    func check(_ grants: [KeyRing.Verified]) throws(ActionError) {
        let signed = grants.map(\.grant.payload.people).max() ?? 1
        let needed = max(signed, authority == .twoHumans ? 2 : 1)
        if needed == 1 { try checkSingle(grants) }
        switch authority {
        case .policy: break
        case .humanAttested: try checkDecided(grants)
        case .human, .humanSigned, .twoHumans: try checkHuman(grants)
        }
        if needed > 1 {
            try checkDecided(grants)
            try checkDifferent(grants, needed)
        }
        try checkBarred(grants)
    }

    private func checkSingle(_ grants: [KeyRing.Verified]) throws(ActionError) {
        guard grants.count == 1 else { throw ActionError(.grantMalformed, "this action takes exactly one grant") }
    }

    /// Who decided: the signer, or whom the gate signed for.
    private func people(_ grant: KeyRing.Verified) -> [String] {
        grant.grant.payload.kind == .human ? [grant.signer.name] : grant.grant.payload.decidedBy
    }

    /// Nobody barred by the bytes that were signed is among those who decided, under whatever name.
    private func checkBarred(_ grants: [KeyRing.Verified]) throws(ActionError) {
        for grant in grants {
            let payload = grant.grant.payload
            let barred = Set((payload.barred ?? []).map(ring.root))
            guard !(people(grant) + payload.decidedBy).contains(where: { barred.contains(ring.root(of: $0)) }) else {
                throw ActionError(.deciderIsBarred, "the grant itself says that its decider may not decide it")
            }
        }
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

    private func checkDifferent(_ grants: [KeyRing.Verified], _ needed: Int) throws(ActionError) {
        let roots = grants.map { people($0).map(ring.root) }
        let distinct = [
            Set(roots.flatMap(\.self)).count, Set(grants.map(\.grant.payload.grantID)).count,
            // One key under two names is one person; the gate signs for many.
            Set(grants.map { $0.grant.payload.kind == .human ? $0.signer.id : $0.grant.payload.grantID }).count,
        ]
        guard grants.count == needed, roots.allSatisfy({ $0.count == 1 }), distinct.allSatisfy({ $0 == needed }) else {
            throw ActionError(
                .ceilingExceeded,
                "this action needs the grants of \(needed) different people",
                hint: "send all of them, separated by spaces"
            )
        }
        guard Set(grants.map(\.grant.payload.withoutSigner)).count == 1 else {
            throw ActionError(.grantInvalid, "these people allowed different things")
        }
    }
}

extension GrantPayload {
    /// The payload without what signers of the same thing may differ in.
    fileprivate var withoutSigner: GrantPayload {
        var payload = self
        payload.keyID = ""
        payload.grantID = ""
        payload.kind = .human
        payload.decidedBy = []
        payload.issuedAt = 0
        payload.notBefore = 0
        payload.expiresAt = 0
        return payload
    }
}
