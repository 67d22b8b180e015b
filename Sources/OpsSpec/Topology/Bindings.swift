import FoundationEssentials
internal import OpsModel
internal import OpsYAML

/// Where the components of a topology really are in one running lab: addresses, programs, files.
public struct Bindings: Codable, Hashable, Sendable {
    /// `local` or `compose`.
    public var runtime: String
    /// The isolation level of this lab, `I0` to `I3`.
    public var isolation: String
    /// The lab's name.
    public var instance: String
    /// The lab's identity, 32 hex digits.
    public var instanceID: String
    /// The socket of the target's supervisor.
    public var supervisor: String?
    /// By component.
    public var components: [String: BoundComponent]
    /// By configuration file.
    public var config: [String: BoundConfig]
    /// The customers.
    public var load: BoundLoad?
    /// Directories that actions and faults share.
    public var shared: BoundShared?

    private enum CodingKeys: String, CodingKey {
        case runtime
        case isolation
        case instance
        case instanceID = "instance_id"
        case supervisor
        case components
        case config
        case load
        case shared
    }

    /// Puts the parts together as given.
    public init(
        runtime: String,
        isolation: String,
        instance: String,
        instanceID: String,
        supervisor: String? = nil,
        components: [String: BoundComponent],
        config: [String: BoundConfig] = [:],
        load: BoundLoad? = nil,
        shared: BoundShared? = nil
    ) {
        self.runtime = runtime
        self.isolation = isolation
        self.instance = instance
        self.instanceID = instanceID
        self.supervisor = supervisor
        self.components = components
        self.config = config
        self.load = load
        self.shared = shared
    }

    /// Reads `bindings.json`.
    public static func load(_ path: String) throws(SpecProblems) -> Bindings {
        let text = try readDocument(path)
        do {
            return try OpsJSON.decode(Bindings.self, from: text.utf8)
        } catch {
            throw SpecProblems(.invalid, [Problem(file: path, message: "these are no bindings: \(error)")])
        }
    }
}

/// Where one component is.
public struct BoundComponent: Codable, Hashable, Sendable {
    /// What it is.
    public var kind: ComponentKind
    /// Its processes.
    public var instances: [BoundInstance]?
    /// A provider's alternatives by name.
    public var providers: [String: BoundProvider]?
    /// A database's address.
    public var postgres: BoundPostgres?
    /// A directory's absolute path.
    public var path: String?
    /// The list of the keys that a provider takes; for the injector and for actions only.
    public var keys: String?

    /// Puts the parts together as given.
    public init(
        kind: ComponentKind,
        instances: [BoundInstance]? = nil,
        providers: [String: BoundProvider]? = nil,
        postgres: BoundPostgres? = nil,
        path: String? = nil,
        keys: String? = nil
    ) {
        self.kind = kind
        self.instances = instances
        self.providers = providers
        self.postgres = postgres
        self.path = path
        self.keys = keys
    }
}

/// One process of a component.
public struct BoundInstance: Codable, Hashable, Sendable {
    /// The instance's name.
    public var name: String
    /// Its program in the supervisor.
    public var program: String?
    /// Where it listens.
    public var url: String?
    /// Its log file.
    public var log: String?
    /// Where the ways out of it can be closed; for the injector only.
    public var link: BoundLink?
    /// The unix socket at which strains of it are asked for; for the injector only.
    public var strains: String?

    /// Puts the parts together as given.
    public init(
        name: String,
        program: String? = nil,
        url: String? = nil,
        log: String? = nil,
        link: BoundLink? = nil,
        strains: String? = nil
    ) {
        self.name = name
        self.program = program
        self.url = url
        self.log = log
        self.link = link
        self.strains = strains
    }
}

/// A program in the network namespace of an instance.
public struct BoundLink: Codable, Hashable, Sendable {
    /// Its name.
    public var program: String
    /// The unix socket at which it listens.
    public var socket: String
    /// The address that the instance calls from, where others are in that namespace, too; nil where it is alone.
    ///
    /// There the program is the lab's own supervisor's, and not the target's.
    public var source: String?
    /// Whether it is a proxy in each way out, which is the lab's own supervisor's as well.
    public var isProxy: Bool?

    private enum CodingKeys: String, CodingKey {
        case program, socket, source
        case isProxy = "proxy"
    }

    /// Puts the parts together as given.
    public init(program: String, socket: String, source: String? = nil, isProxy: Bool? = nil) {
        self.program = program
        self.socket = socket
        self.source = source
        self.isProxy = isProxy
    }

    /// Whether the target's own supervisor starts it.
    public var isOfTarget: Bool { self.source == nil && self.isProxy != true }
}

/// One alternative of a provider.
public struct BoundProvider: Codable, Hashable, Sendable {
    /// Where it listens.
    public var url: String
    /// The name that its callers look up to find it; nil where they call its address.
    public var host: String?
    /// Its program; for the injector only, since it is somebody else's.
    public var program: String?
    /// The unix socket at which strains of it are asked for; for the injector only.
    public var strains: String?

    /// Puts the parts together as given.
    public init(url: String, host: String? = nil, program: String? = nil, strains: String? = nil) {
        self.url = url
        self.host = host
        self.program = program
        self.strains = strains
    }
}

/// Where a database is.
public struct BoundPostgres: Codable, Hashable, Sendable {
    /// Its address.
    public var host: String
    /// Its port.
    public var port: Int
    /// The directory of its socket.
    public var socket: String?
    /// The database.
    public var database: String
    /// The administrator's role.
    public var admin: String?
    /// The data directory.
    public var data: String?

    /// Puts the parts together as given.
    public init(
        host: String,
        port: Int,
        socket: String? = nil,
        database: String,
        admin: String? = nil,
        data: String? = nil
    ) {
        self.host = host
        self.port = port
        self.socket = socket
        self.database = database
        self.admin = admin
        self.data = data
    }
}

/// Where a configuration file is.
public struct BoundConfig: Codable, Hashable, Sendable {
    /// The file.
    public var path: String
    /// Earlier versions.
    public var history: String?

    /// Puts the parts together as given.
    public init(path: String, history: String? = nil) {
        self.path = path
        self.history = history
    }
}

/// Where the customers are.
public struct BoundLoad: Codable, Hashable, Sendable {
    /// Where the load generator listens.
    public var url: String
    /// Its program.
    public var program: String?
    /// The unix socket at which strains of it are asked for; for the injector only.
    public var strains: String?

    /// Puts the parts together as given.
    public init(url: String, program: String? = nil, strains: String? = nil) {
        self.url = url
        self.program = program
        self.strains = strains
    }
}

/// Directories that actions and faults share.
public struct BoundShared: Codable, Hashable, Sendable {
    /// Claims by resource.
    public var claims: String
    /// Locks by resource.
    public var locks: String

    /// Puts the parts together as given.
    public init(claims: String, locks: String) {
        self.claims = claims
        self.locks = locks
    }
}
