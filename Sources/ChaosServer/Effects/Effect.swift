import OpsRuntime

/// One change of the world, recorded before it is made.
struct Effect: Codable, Hashable, Sendable {
    /// What is changed, for claims and reports.
    var resource: SharedResource
    /// Random, so that residue of this very effect can be told from anything else.
    var token: String
    var change: Change
}
