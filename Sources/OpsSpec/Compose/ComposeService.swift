public import OpsYAML

/// One service of a Compose file.
public struct ComposeService: Hashable, Sendable {
    /// Its name, which is also its handle.
    public var name: String
    /// Where its name stands.
    public var mark: YAMLMark
    /// The image without its tag; nil when there is none, or only the environment knows it.
    public var image: String?
    /// TCP ports of the container, the published before the exposed, none twice.
    public var ports: [Int] = []
    /// How Compose finds out whether it is well; nil when it does not ask.
    public var healthCheck: HealthCheck?
    /// What it waits for and what it is linked with, in the order of the text.
    public var dependencies: [Dependency] = []
    /// What `POSTGRES_DB` says to an image of PostgreSQL.
    public var database: Value = .absent
    /// What `POSTGRES_USER` says to an image of PostgreSQL.
    public var owner: Value = .absent
    /// Whether it is started again after a failure; nil when the file does not say.
    public var isRestarted: Bool?
    /// How many containers of it run.
    public var instances = 1
    /// Other services that its environment names in addresses.
    public var mentions: [Mention] = []

    /// A value of the environment.
    public enum Value: Hashable, Sendable {
        /// The file gives none, and nothing else could.
        case absent
        /// As it reads when no variable is set; never empty.
        case text(String)
        /// Something outside of the file knows it.
        case unknown
    }

    /// How Compose finds out whether a service is well.
    public struct HealthCheck: Hashable, Sendable {
        /// What it asks the service over HTTP; nil when it asks otherwise.
        public var question: Question?
        /// How long an answer may take, where the file says so.
        public var timeout: Duration?
    }

    /// A request of a health check to its own container.
    public struct Question: Hashable, Sendable {
        /// The container's port.
        public var port: Int
        /// The path without its query, in which secrets may stand.
        public var path: String
    }

    /// Another service that has to be there first.
    public struct Dependency: Hashable, Sendable {
        /// The other service.
        public var name: String
        /// Where the file says so.
        public var mark: YAMLMark
        /// True when the other has to have ended, as a migration does.
        public var endsFirst: Bool
    }

    /// A variable whose value holds the address of another service.
    public struct Mention: Hashable, Sendable {
        /// The variable.
        public var key: String
        /// The other service.
        public var service: String
    }

    /// True for an image that is PostgreSQL by its name: `postgres`, `postgis/postgis`, `registry/team/postgres`.
    var isPostgres: Bool { ["postgres", "postgis"].contains(image?.split(separator: "/").last ?? "") }

    /// True for the images that are known to call the database after its owner, and the owner `postgres`, unless told otherwise.
    var isOfficialPostgres: Bool {
        let parts = (image ?? "").split(separator: "/").drop { $0 == "docker.io" || $0 == "library" }
        return ["postgres", "postgis/postgis"].contains(parts.joined(separator: "/"))
    }
}
