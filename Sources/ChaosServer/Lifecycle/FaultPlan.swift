import OpsModel
import OpsRuntime

/// What a fault will change and how each change is put back: everything that an undo needs when nothing else is alive.
struct FaultPlan: Codable, Hashable, Sendable {
    var id: String
    var kind: FaultKind
    var persistence: FaultClass
    var target: String
    var instance: String?
    var with: [String: JSONValue]
    /// Held still around apply and undo.
    var resource: SharedResource
    /// The names of `shared` directories, so that the undo needs no configuration.
    var shared: SharedPaths
    var effects: [Effect]
    var requested: Double?
    var leaseS: Double
    /// By the boot clock; means nothing in another boot.
    var deadline: UInt64
    var requestedAt: Timestamp
    var run: String?
    /// The fingerprint of the request; nil in a record of an earlier version.
    var asked: String?
    /// What would end it by right, in the words of the catalogue.
    var yieldsTo: [String]
}

/// Where locks and claims lie.
struct SharedPaths: Codable, Hashable, Sendable {
    var claims: String
    var locks: String

    var resources: SharedResources { SharedResources(claims: self.claims, locks: self.locks) }
}
