import OpsRuntime

/// How the component named in a request can be reached, worked out from topology and bindings.
struct TargetAccess: Codable, Hashable, Sendable {
    var component: String
    var kind: String
    /// The system's name, with which its programs introduce themselves.
    var system: String?
    var postgres: PostgresAccess?
    /// For components that are directories.
    var directory: String?
    /// For directories that have a quota and files that may be deleted.
    var volume: VolumeAccess?
    /// The supervisor's socket, for components that are programs.
    var supervisor: String?
    /// The supervisor's programs by instance, or by provider.
    var programs: [String: String] = [:]
    /// By instance, where the ways out of it can be closed; empty where none can.
    var links: [String: LinkPlace] = [:]
    /// Whether a proxy stands in each of these ways, which can do more to them than close them.
    var isProxied = false
    /// Sockets by program, where a strain can be asked for; empty where none can.
    var strains: [String: String] = [:]
    /// By component that it needs, where the ways to that lead.
    var ways: [String: [Way]] = [:]
    /// By component that it needs, the names that it looks up to find that.
    var names: [String: NameAccess] = [:]
    /// The file that it reads when it starts; nil where it has none that is known here.
    var configuration: ConfigurationAccess?
    /// Whether it declares how much memory it may have.
    var hasMemoryLimit = false
    /// Whether it declares how many descriptors it may have open.
    var hasDescriptorLimit = false
    /// For providers that keep a list of the keys they take, which is known here; nil for others.
    var keys: KeyAccess?
    /// Tables that faults may touch.
    var tables: [String] = []
    /// Programs of the batch jobs that need it, by component.
    var jobs: [String: [String]] = [:]
    /// Settings of the database that the topology declares.
    var settings: [String] = []
    /// The flags that it goes by; nil where it goes by none.
    var flags: FlagTable?
    /// For components that take their work from a queue in a database.
    var queue: QueueAccess?
    /// Database roles whose secrets the topology declares.
    var roles: [String] = []
}

/// How to reach a PostgreSQL cluster as its administrator without any password that a fault could change.
struct PostgresAccess: Codable, Hashable, Sendable {
    var socketDirectory: String
    var host: String
    var port: Int
    var database: String
    var admin: String
    /// Password files of the roles that a culprit may appear as; a role without one logs in over the socket.
    var passwords: [String: String] = [:]
}

/// Where a component's queue is.
struct QueueAccess: Codable, Hashable, Sendable {
    /// The database component.
    var component: String
    var database: PostgresAccess
    var tables: JobTables
}
