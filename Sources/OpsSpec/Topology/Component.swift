/// One part of the system.
public struct Component: Hashable, Sendable {
    /// Its name, which is also its handle.
    public var name: String
    /// What it is.
    public var kind: ComponentKind
    /// How many processes of it run; 1 where it has none of its own.
    public var instances = 1
    /// The port of its first instance.
    public var port: Int?
    /// What it cannot work without.
    public var needs: [String] = []
    /// The component whose instances it can stop sending requests to.
    public var drains: String?
    /// True when it can turn part of the customers' requests away for a while.
    public var isShedding = false
    /// The configuration it starts with.
    public var config: String?
    /// The configuration that says where the names lead that it looks up; nil where it leaves that to the system.
    public var hosts: String?
    /// Bytes of memory that one process may use.
    public var memoryLimit: Int?
    /// Descriptors that one process may have open.
    public var descriptorLimit: Int?
    /// The queue it works on.
    public var queue: String?
    /// True when it is started again after a failure.
    public var restartsOnFailure = false
    /// How often it runs.
    public var every: Duration?
    /// True when it may be stopped for a while.
    public var isPausable = false
    /// The setting that names the provider in use.
    public var active: String?
    /// The alternatives, the preferred first.
    public var providers: [Provider] = []
    /// The database.
    public var database: String?
    /// Where the administrator's secret is: `secret:NAME`.
    public var admin: String?
    /// The program that migrates its schema, as an argument list.
    public var migrate: [String] = []
    /// The directory, relative to the system's own.
    public var path: String?
    /// Who keeps files in it.
    public var usedBy: [String] = []
    /// True when it may be emptied without loss.
    public var isRebuildable = false
    /// Bytes that it may hold.
    public var quota: Int?
    /// Patterns of files that may be deleted.
    public var disposable: [String] = []
    /// Where an external service is.
    public var url: String?

    /// The names of its instances: its own name, or with -1, -2 … when there are several.
    public var instanceNames: [String] {
        guard kind.isProcess else { return [] }
        return instances == 1 ? [name] : (1...instances).map { "\(name)-\($0)" }
    }

    /// One of a provider's alternatives.
    public struct Provider: Hashable, Sendable {
        /// Its role, such as `primary` or `fallback`.
        public var name: String
        /// The setting that holds its address.
        public var url: String
        /// The path that says whether it is well.
        public var probe: String
        /// The path that answers only whose key it takes, and does nothing; nil where there is none.
        public var account: String?
        /// What using it costs, for people.
        public var costs: String?
    }
}
