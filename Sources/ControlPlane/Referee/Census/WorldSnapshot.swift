/// One reading of the world.
struct WorldSnapshot: Sendable, Equatable {
    /// Start times by program of the target's supervisor, in clock ticks since the machine started; nil for one that is down.
    var processes: [String: UInt64?] = [:]
    /// Programs that are up and held still, and no fault's doing as far as was looked for.
    var paused: Set<String> = []
    /// SHA-256 of password verifiers by role.
    var verifiers: [String: String] = [:]
    /// Roles that cannot log in with the password of their configuration file.
    var lockedOut: [String] = []
    /// SHA-256 of configuration files, comments left out.
    var files: [String: String] = [:]
    /// Fingerprint of the list of the keys that each provider takes.
    var keys: [String: String] = [:]
    /// Providers that do not take the key that their callers have.
    var refusing: [String] = []
    /// Inode of each directory of the topology.
    var directories: [String: String] = [:]
    /// Sessions that have held a transaction open in silence for some seconds, by owner.
    var idleInTransaction: [String] = []
    /// Sessions that somebody ended, since the database's statistics began.
    var sessionsKilled = 0
    /// Settings of databases and roles.
    var settings: [String] = []
    /// Feature flags by name: on or off, since when and by whom.
    var flags: [String: String] = [:]
    /// Columns of the target's own tables, as `table.column type`.
    var columns: [String] = []
    /// Indexes of the target's own tables.
    var indexes: [String] = []
    /// Traces of the faults that were looked for.
    var traces: [String] = []
}
