/// The list of the keys that a provider takes, and where its callers' own key is written.
struct KeyAccess: Codable, Hashable, Sendable {
    /// The provider's list.
    var list: String
    /// The configuration file of the callers.
    var configuration: String
    /// The setting in it that holds their key.
    var setting: String
}
