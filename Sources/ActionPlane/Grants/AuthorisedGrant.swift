import OpsModel
import OpsTrust

/// A grant that passed every check that needs no look at the world.
///
/// It is not used up yet.
struct AuthorisedGrant: Hashable, Sendable {
    /// What is allowed; nothing else of the request counts.
    var payload: GrantPayload
    /// The ids to be used up, several where several people signed.
    var ids: [String]
    /// Whose keys signed.
    var signers: [String]
    /// When the first of them did, in milliseconds since 1970.
    var issuedAt: Int
    /// When no verifier takes any of them any more, in milliseconds since 1970.
    var lastsUntil: Int

    /// The moment after which no verifier takes it.
    var expiresAt: Timestamp { Timestamp(microseconds: Int64(lastsUntil) * 1_000) }

    /// What the record says about where the run comes from.
    var decision: Decision {
        Decision(
            incident: payload.incident,
            agentRun: payload.run,
            step: payload.step,
            target: payload.target,
            kind: payload.kind.rawValue,
            signers: signers
        )
    }
}
