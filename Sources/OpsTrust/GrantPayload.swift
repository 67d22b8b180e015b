public import OpsModel

/// Exactly what one grant allows: one action with these parameters on this target in this state, once, for a short time.
///
/// Times are milliseconds since 1970. Digests and fingerprints are hexadecimal text.
public struct GrantPayload: Hashable, Sendable, Codable {
    /// Whose decision the grant carries.
    public enum Kind: String, Hashable, Sendable, Codable {
        /// Signed with a person's own key.
        case human
        /// Signed with the gate's key for a person whom the gate only attests (a session, not a key).
        case humanAttested = "human-attested"
        /// Signed with the gate's key because policy allows the action.
        case policy
    }

    /// The format of this payload: 1.
    public var version: Int
    /// The id of the key that signs it.
    public var keyID: String
    /// 128 random bits in hexadecimal digits; consumed once.
    public var grantID: String
    /// Whose decision this is.
    public var kind: Kind
    /// The organisation in whose name the action runs.
    public var organisation: String
    /// The lab instance for which alone the grant is good.
    public var instanceID: String
    /// Who may carry it out: always `actionplane`.
    public var audience: String
    /// The incident that asked.
    public var incident: String
    /// The agent's run that asked.
    public var run: String
    /// The step of the plan.
    public var step: String
    /// The agent principal that proposed the step.
    public var agent: String
    /// Who counts as the requester, and so may not approve it.
    public var requester: String
    /// The name of the action in the closed catalogue.
    public var action: String
    /// The version of that action's schema.
    public var actionVersion: Int
    /// The parameters; whatever else a request says must be equal.
    public var parameters: [String: JSONValue]
    /// The component, or component and instance, acted upon.
    public var target: String
    /// Digest of the typed facts that must still hold right before the effect.
    public var stateFingerprint: String
    /// Digest of the evidence the decision saw.
    public var evidenceDigest: String
    /// Digest of the option as it was shown.
    public var optionDigest: String
    /// The policy that was applied.
    public var policyID: String
    /// The version of that policy.
    public var policyVersion: Int
    /// The organisation's epoch; a raised one voids the grant.
    public var epoch: Int
    /// How many different people have to sign before any of it counts; nil is one.
    public var quorum: Int?
    /// Who may not be among them, under any name of theirs; nil is nobody.
    public var barred: [String]?
    /// The people who decided, empty for a policy grant.
    public var decidedBy: [String]
    /// When the grant was made.
    public var issuedAt: Int
    /// The first moment at which it holds.
    public var notBefore: Int
    /// The first moment at which it no longer holds.
    public var expiresAt: Int

    enum CodingKeys: String, CodingKey, CaseIterable {
        case version = "v"
        case keyID = "kid"
        case grantID = "grant_id"
        case kind
        case organisation = "org"
        case instanceID = "instance_id"
        case audience, incident, run, step, agent, requester, action
        case actionVersion = "action_version"
        case parameters = "params"
        case target
        case stateFingerprint = "state_fingerprint"
        case evidenceDigest = "evidence_digest"
        case optionDigest = "option_digest"
        case policyID = "policy_id"
        case policyVersion = "policy_version"
        case epoch, quorum, barred
        case decidedBy = "decided_by"
        case issuedAt = "iat"
        case notBefore = "nbf"
        case expiresAt = "exp"
    }

    /// A payload whose `keyID` is filled in by the key that signs it.
    public init(
        grantID: String,
        kind: Kind,
        organisation: String,
        instanceID: String,
        audience: String = "actionplane",
        incident: String,
        run: String,
        step: String,
        agent: String,
        requester: String,
        action: String,
        actionVersion: Int,
        parameters: [String: JSONValue],
        target: String,
        stateFingerprint: String,
        evidenceDigest: String,
        optionDigest: String,
        policyID: String,
        policyVersion: Int,
        epoch: Int,
        quorum: Int? = nil,
        barred: [String]? = nil,
        decidedBy: [String],
        issuedAt: Int,
        notBefore: Int,
        expiresAt: Int
    ) {
        version = 1
        keyID = ""
        self.grantID = grantID
        self.kind = kind
        self.organisation = organisation
        self.instanceID = instanceID
        self.audience = audience
        self.incident = incident
        self.run = run
        self.step = step
        self.agent = agent
        self.requester = requester
        self.action = action
        self.actionVersion = actionVersion
        self.parameters = parameters
        self.target = target
        self.stateFingerprint = stateFingerprint
        self.evidenceDigest = evidenceDigest
        self.optionDigest = optionDigest
        self.policyID = policyID
        self.policyVersion = policyVersion
        self.epoch = epoch
        self.quorum = quorum
        self.barred = barred
        self.decidedBy = decidedBy
        self.issuedAt = issuedAt
        self.notBefore = notBefore
        self.expiresAt = expiresAt
    }
}

extension GrantPayload {
    /// Reads the exact bytes that were signed: every member present but those that may be left out, none unknown, each of its own
    /// type.
    public static func parse(_ bytes: [UInt8]) throws(TrustError) -> GrantPayload {
        let document = try StrictJSON.parse(bytes)
        guard let members = document.objectValue else {
            throw TrustError(.malformed, "a grant's payload is an object")
        }
        let known = Set(CodingKeys.allCases.map(\.rawValue))
        let optional = Set([CodingKeys.quorum, .barred].map(\.rawValue))
        if let stranger = Set(members.keys).subtracting(known).min() {
            throw TrustError(.malformed, "unknown member \"\(stranger)\" in a grant's payload")
        }
        if let missing = known.subtracting(optional).subtracting(members.keys).min() {
            throw TrustError(.malformed, "member \"\(missing)\" is missing in a grant's payload")
        }
        return try decode(document).checked()
    }

    private static func decode(_ document: JSONValue) throws(TrustError) -> GrantPayload {
        do {
            return try document.decoded(as: GrantPayload.self)
        } catch {
            throw TrustError(.malformed, "a member of the grant's payload has the wrong type: \(error)")
        }
    }

    /// The times that a payload may name, in milliseconds: up to the year 3000, so that sums and differences of them are numbers.
    private static let moments = 0...32_503_680_000_000

    private func checked() throws(TrustError) -> GrantPayload {
        guard version == 1 else { throw TrustError(.malformed, "grant format \(version) is not known here") }
        guard Hex.decode(grantID)?.count == 16 else { throw TrustError(.malformed, "a grant id has 32 hex digits") }
        guard [issuedAt, notBefore, expiresAt].allSatisfy(Self.moments.contains) else {
            throw TrustError(.malformed, "a grant's times are milliseconds since 1970, of this millennium or the last")
        }
        guard notBefore < expiresAt, issuedAt < expiresAt else {
            throw TrustError(.malformed, "the grant ends before it begins")
        }
        guard quorum.map({ Self.quorums.contains($0) }) ?? true else {
            throw TrustError(.malformed, "a grant's quorum is a whole number from 2 to 5, or left out")
        }
        guard barred.map({ (1...8).contains($0.count) }) ?? true else {
            throw TrustError(.malformed, "a grant bars one to eight people, or says nothing of it")
        }
        return self
    }

    /// What may be written as ``quorum``; one person is not written.
    public static let quorums = 2...5

    /// How many different people have to sign.
    public var people: Int { quorum ?? 1 }
}
