import OpsModel
import OpsRuntime

/// What is about to happen, written and synced before the first effect: enough to tell afterwards whether it did.
struct Intent: Hashable, Sendable, Codable {
    var run: String
    var action: String
    var version: Int
    var parameters: [String: JSONValue]
    var facts: [String: JSONValue]
    var fingerprint: String
    var steps: [ActionStep]
    var resources: [Resource]
    /// The organisation's epoch under which the intent was committed.
    var epoch: Int
    /// Identifies the boot and the moment in it, so that "started after the intent" can be read off a process.
    var bootID: String
    var bootNanoseconds: UInt64
    var at: Timestamp

    /// A resource and the fingerprint its value will have, where that is known.
    struct Resource: Hashable, Sendable, Codable {
        var name: SharedResource
        var fingerprint: String?
    }

    enum CodingKeys: String, CodingKey {
        case run, action, version, parameters, facts, fingerprint, steps, resources, epoch, at
        case bootID = "boot_id"
        case bootNanoseconds = "boot_ns"
    }
}
