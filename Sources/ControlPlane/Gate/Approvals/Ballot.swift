/// The signed half of a vote, kept out of sight until the last one that is needed has come.
struct Ballot: Codable, Hashable, Sendable {
    var approval: String
    var root: String
    var option: Int
    /// One grant for each step of the option, none of which counts alone.
    var grants: [String]
}
