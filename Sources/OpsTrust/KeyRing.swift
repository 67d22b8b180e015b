public import OpsModel

/// The public keys one service accepts, each for some kinds of grant and for a span of time.
public struct KeyRing: Hashable, Sendable {
    /// The keys in the order in which they were added.
    public var keys: [TrustedKey]

    /// A ring of these keys.
    public init(_ keys: [TrustedKey] = []) { self.keys = keys }

    /// The entry of a key id in a role; nil when there is none.
    public func entry(_ id: String, role: TrustedKey.Role) -> TrustedKey? {
        keys.first { $0.id == id && $0.role == role }
    }
}

extension KeyRing {
    /// The person behind a name: whoever made the key of that name, and the key of theirs.
    ///
    /// Two names of one root are one person. Names that made each other's keys are all the first of them by the alphabet.
    public func root(of name: String) -> String {
        var passed = [name]
        while let last = passed.last, let maker = maker(of: last) {
            if let begin = passed.firstIndex(of: maker) { return passed[begin...].min() ?? maker }
            passed.append(maker)
        }
        return passed.last ?? name
    }

    private func maker(of name: String) -> String? {
        keys.lazy.filter { $0.role == .approver && $0.name == name }.compactMap(\.mintedBy).first
    }

    /// Whether a key of somebody of that name is accepted at that moment.
    public func knows(_ name: String, at moment: Timestamp) -> Bool {
        keys.contains { $0.role == .approver && $0.name == name && $0.isValid(at: moment) }
    }

    /// The tolerance between the clocks of signer and verifier.
    public static let allowedSkew = 5.0

    /// What a verifier insists on beside the signature.
    public struct Expectation: Hashable, Sendable {
        /// The audience that the grant must name.
        public var audience: String
        /// The lab instance that the grant must name.
        public var instanceID: String

        /// An expectation for one service of one instance.
        public init(audience: String = "actionplane", instanceID: String) {
            self.audience = audience
            self.instanceID = instanceID
        }
    }

    /// A grant whose signature, audience, instance and time hold, with the key that signed it.
    public struct Verified: Hashable, Sendable {
        /// The grant.
        public let grant: Grant
        /// Who signed.
        public let signer: TrustedKey
    }

    /// Verifies the text of a grant; the caller then consumes its id, once.
    public func verify(
        _ text: some StringProtocol,
        for expectation: Expectation,
        at now: Timestamp
    ) throws(TrustError) -> Verified {
        let grant = try Grant(parsing: text)
        let signer = try signer(of: grant, at: now)
        guard grant.payload.audience == expectation.audience else {
            throw TrustError(.audienceMismatch, "the grant is for \(grant.payload.audience)")
        }
        guard grant.payload.instanceID == expectation.instanceID else {
            throw TrustError(.instanceMismatch, "the grant belongs to another lab instance")
        }
        try checkTime(of: grant.payload, at: now)
        return Verified(grant: grant, signer: signer)
    }

    private func signer(of grant: Grant, at now: Timestamp) throws(TrustError) -> TrustedKey {
        let role: TrustedKey.Role = grant.payload.kind == .human ? .approver : .gate
        guard let entry = entry(grant.payload.keyID, role: role) else {
            throw TrustError(
                .unknownKey,
                "key \(grant.payload.keyID) is not accepted for \(grant.payload.kind.rawValue) grants"
            )
        }
        guard entry.isValid(at: now) else { throw TrustError(.unknownKey, "key \(entry.id) is out of its time") }
        guard grant.isSigned(by: entry.publicKey) else {
            throw TrustError(.badSignature, "the grant was altered, or signed with another key")
        }
        guard role == .gate || grant.payload.decidedBy.contains(entry.name) else {
            throw TrustError(.kindMismatch, "the grant was signed by \(entry.name), who is not among its deciders")
        }
        return entry
    }

    private func checkTime(of payload: GrantPayload, at now: Timestamp) throws(TrustError) {
        let milliseconds = Int(now.microseconds / 1_000)
        let skew = Int(Self.allowedSkew * 1_000)
        guard payload.notBefore <= milliseconds + skew, payload.issuedAt <= milliseconds + skew else {
            throw TrustError(.notYetValid, "the grant does not hold yet; compare the clocks")
        }
        guard milliseconds < payload.expiresAt else { throw TrustError(.expired, "the grant has expired; ask again") }
    }
}
