/// The declared system as the reads need it: who exists, who needs whom, where each one can be seen.
///
/// Made from topology and bindings alone. What is not in it is not looked at, so nothing can be found by looking around.
struct TargetMap: Sendable {
    var system: String
    var journeys: [MappedJourney]
    var components: [MappedComponent]
    var probes: [MappedProbe]
    /// Configuration files by name.
    var configs: [MappedConfig]
    /// Tables whose rows are counted.
    var tables: [String]
    var database: MappedDatabase?
    /// The queue in the database, where one is declared.
    var queue: MappedQueue?
    var loadURL: String?
    /// Whether some journey's customers write down what they bought.
    var keepsLedger = false
    var supervisor: String?
    var actionsPerIncident: Int

    func component(_ name: String) -> MappedComponent? { components.first { $0.name == name } }

    /// The component that an instance belongs to.
    func owner(ofInstance name: String) -> MappedComponent? {
        components.first { $0.instances.contains { $0.name == name } }
    }

    /// Components that need this one, or use it where it is a directory.
    func callers(of name: String) -> [MappedComponent] {
        let users = component(name)?.usedBy ?? []
        return components.filter { $0.needs.contains(name) || users.contains($0.name) }
    }

    /// Components that this one needs.
    func dependencies(of name: String) -> [MappedComponent] {
        (component(name)?.needs ?? []).compactMap { self.component($0) }
    }

    /// The one database of the system, where a read names none.
    var databaseComponent: MappedComponent? { components.first { $0.kind == "postgres" } }
}

/// One component of the map.
struct MappedComponent: Hashable, Sendable {
    var name: String
    var kind: String
    var instances: [MappedInstance] = []
    var needs: [String] = []
    var usedBy: [String] = []
    var providers: [MappedProvider] = []
    var config: String?
    /// The file in which it looks up names.
    var hosts: String?
    var isPausable = false
    /// The directory of a component that is one.
    var path: String?
    /// Bytes that the directory may hold.
    var quotaBytes: UInt64?
    var fdLimit: Int?
    /// Bytes that each of its processes may hold.
    var memoryLimit: Int?
}

/// One process of a component.
struct MappedInstance: Hashable, Sendable {
    var name: String
    var program: String
    var url: String?
    var log: String?
}

/// One alternative of a third party.
struct MappedProvider: Hashable, Sendable {
    var name: String
    var url: String
    /// The name that its callers look up to find it.
    var host: String?
    var probe: String
}

/// What a customer does.
struct MappedJourney: Hashable, Sendable {
    var name: String
    var request: String
    var objective: Double
    var entry: String
}

/// How a component is asked whether it answers, and by whom.
struct MappedProbe: Hashable, Sendable {
    var target: String
    var sql: String?
    var path: String?
    var from: [String]
    var timeout: Double
}

/// A configuration file of the target.
struct MappedConfig: Hashable, Sendable {
    var name: String
    var path: String
    /// Keys whose values are never shown.
    var secrets: Set<String>
    /// Components that start with it, or look names up in it.
    var users: [String]
    /// Whether it says where names lead, and nothing else.
    var isHosts = false
}

/// Where the target's database listens.
struct MappedDatabase: Hashable, Sendable {
    var component: String
    var host: String
    var port: Int
    var database: String
}

/// A queue that a component takes its work from.
struct MappedQueue: Hashable, Sendable {
    var component: String
    var table: String
}
