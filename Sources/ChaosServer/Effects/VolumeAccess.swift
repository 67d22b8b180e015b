/// A directory that is a small volume of its own, as the topology declares it.
struct VolumeAccess: Codable, Hashable, Sendable {
    var path: String
    /// Bytes that it may hold.
    var quota: Int
    /// How the names of files in it end that may be deleted, such as `.part`.
    var suffix: String
}
