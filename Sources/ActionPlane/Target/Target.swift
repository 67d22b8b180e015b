import OpsPostgres
import OpsRuntime
import OpsSpec

/// What actions may touch, resolved from the topology and from where this instance put things.
///
/// Providers' processes and external systems do not occur in it: they can be chosen between, never touched.
struct Target: Sendable {
    /// A component that runs as processes of the supervisor.
    struct ProcessComponent: Hashable, Sendable {
        var name: String
        var instances: [ProcessInstance]
        /// The configuration file that its processes read when they start.
        var configuration: String?
        /// The file in which its processes look up names for every call.
        var hosts: String?
        /// Whether it may be stopped for a while.
        var isPausable = false
        /// What it is, in the topology's word.
        var kind = "http"
    }

    /// One process of a component.
    struct ProcessInstance: Hashable, Sendable {
        var name: String
        /// The supervisor's name for it.
        var program: String
        /// Where it answers `/ready`; nil when it answers nowhere.
        var url: String?
    }

    /// The database that the target works on; never the one of AgentOps.
    struct Database: Sendable {
        var component: String
        var program: String
        /// How this service logs in to look and to act: over the socket, as the administrator.
        var administration: PostgresConfiguration
        /// Where the target's own roles log in with their passwords.
        var host: String
        var port: Int
        /// Settings that it may have of its own, as the topology declares them.
        var settings: [String] = []
        /// The table of feature flags, where it has one.
        var flags: String?
        /// What is kept of it, and how; nil where the topology asks for no snapshots.
        var snapshots: Snapshots?
        /// What brings its schema to the newest step; nil where the topology declares nothing.
        var migrations: SchemaMigrations?
    }

    /// The queue that a component takes its work from, in the target's database.
    struct Queue: Hashable, Sendable {
        var component: String
        var tables: JobTables
    }

    /// Which tables are kept, how often, and how many times.
    struct Snapshots: Hashable, Sendable {
        var tables: [String]
        var every: Duration
        var keep: Int
    }

    /// A directory whose content can be made again.
    struct CacheDirectory: Hashable, Sendable {
        var component: String
        var path: String
    }

    /// A directory with files that may be deleted.
    struct Volume: Hashable, Sendable {
        var component: String
        var path: String
        /// Patterns of their names.
        var disposable: [String]
    }

    /// A file of `KEY=value` lines that components read when they start.
    struct ConfigurationFile: Hashable, Sendable {
        var name: String
        var path: String
        var history: String
        /// How many earlier versions are kept; all of them when nil.
        var kept: Int?
        /// The key of a password, by the database role that has it.
        var passwords: [String: String]
        /// Keys whose values nobody may be shown, and that no earlier version brings back.
        var secrets: Set<String> = []
        /// What may be set, and how far.
        var settable: [ConfigSource.Setting] = []
    }

    /// A provider with alternatives, chosen by a key of a configuration file.
    struct Provider: Hashable, Sendable {
        var component: String
        var alternatives: [String]
        var activeKey: String
        var configuration: String
        /// The key that its users show it; nil where nobody here may give them another one.
        var key: SharedKey?
    }

    /// A key that a provider's users show, and that the provider finds on a list of its own.
    struct SharedKey: Hashable, Sendable {
        /// The setting that holds it, and the file with that.
        var setting: String
        var configuration: String
        /// The list of what the provider takes.
        var list: String
        /// By alternative, where it says whether it takes a key.
        var accounts: [String: String]
    }

    /// A component that hands requests to the instances of another, and lets one of them be taken out.
    struct Balancer: Hashable, Sendable {
        var component: String
        var program: String
        var url: String
        /// Whose instances stand behind it.
        var drains: String
        /// The requests that it can turn away a part of, each as method and path.
        var sheds: [String] = []
    }

    var processes: [ProcessComponent]
    var database: Database?
    var queue: Queue?
    var caches: [CacheDirectory]
    var volumes: [Volume] = []
    var configurations: [ConfigurationFile]
    var providers: [Provider]
    var balancer: Balancer?

    /// The components that read a configuration file, in the order in which they are restarted.
    func users(of configuration: String) -> [ProcessComponent] {
        processes.filter { $0.configuration == configuration }
    }
}
