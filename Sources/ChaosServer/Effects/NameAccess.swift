/// The names by which somebody else's system is found, and the file in which a component looks them up.
struct NameAccess: Codable, Hashable, Sendable {
    /// The topology's name for that file.
    var file: String
    var path: String
    var history: String
    /// The configuration file, and the setting in it, that say which alternative is in use.
    var configuration: String
    var active: String
    /// By alternative.
    var names: [String: String]
}
