import OpsTrust

/// For whom something was granted, and when: what a stop of agents is asked about.
struct GrantOrigin: Hashable, Sendable {
    /// The epoch that the grant names.
    var epoch: Int
    /// The agent that proposed it, as incidents call it; empty where a person acts for themselves.
    var agent: String
    /// When the oldest of the signatures was given, in milliseconds since 1970.
    var issuedAt: Int
}

extension AuthorisedGrant {
    var origin: GrantOrigin { GrantOrigin(epoch: payload.epoch, agent: payload.agent, issuedAt: issuedAt) }
}
