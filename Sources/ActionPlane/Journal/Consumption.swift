import OpsModel

/// That one request used up its grants, and which request that was.
struct Consumption: Hashable, Sendable, Codable {
    /// The run that the grants allow.
    var run: String
    /// The ids of the grants, one, or two where two people must sign.
    var grants: [String]
    var request: RequestIdentity
    var action: String
    var parameters: [String: JSONValue]
    /// On whose behalf and by whose decision; for the record only.
    var decision: Decision
    /// The moment after which no verifier would take the grants anyway.
    var expiresAt: Timestamp
    var at: Timestamp

    enum CodingKeys: String, CodingKey {
        case run, grants, request, action, parameters, decision, at
        case expiresAt = "expires_at"
    }
}

/// What makes two requests the same: who asks, under which key, for exactly what.
struct RequestIdentity: Hashable, Sendable, Codable {
    var principal: String
    /// The `Idempotency-Key` header.
    var key: String
    /// SHA-256 of action, grant and parameters, in hexadecimal digits.
    var digest: String
}

/// Where a granted run comes from: what the grants said beside what they allow.
struct Decision: Hashable, Sendable, Codable {
    var incident: String
    var agentRun: String
    var step: String
    var target: String
    /// `human`, `human-attested` or `policy`.
    var kind: String
    /// Whose keys signed.
    var signers: [String]

    enum CodingKeys: String, CodingKey {
        case incident, step, target, kind, signers
        case agentRun = "agent_run"
    }
}
