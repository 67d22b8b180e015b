/// A person's own application in a lab, as the lab remembers it between two starts; a lab without one has the shop.
public struct Application: Codable, Hashable, Sendable {
    /// The system's name.
    public var system: String
    /// The file that describes it.
    public var topology: String
    /// The Compose file that says how it runs.
    public var compose: String
    /// Its programs, those that the others need first.
    public var programs: [Program]
    /// Its database, which is the lab's own server under the name that the application knows.
    public var database: Database

    /// Those of its programs from which the ways out can be closed.
    public var linked: [String]?

    /// One container.
    public struct Program: Codable, Hashable, Sendable {
        /// Its name in the lab.
        public var name: String
        /// The service of the Compose file that it is made from.
        public var service: String
        /// Programs of one tier start together, after those of the tiers before.
        public var tier: Int
        /// Where it listens inside; nil when nobody calls it from outside.
        public var port: Int?
        /// The port of this machine at which a person reaches it.
        public var published: UInt16?
    }

    /// What the lab's server holds for it.
    public struct Database: Codable, Hashable, Sendable {
        /// The component, which is also the program's name.
        public var component: String
        /// The database.
        public var name: String
        /// Where it listens inside.
        public var port: Int
        /// The role that owns the database: the first whose password the topology declares.
        public var owner: String
        /// All roles that the application logs in as.
        public var roles: [String]
        /// Batch jobs, each of which may be met as a role of its own name.
        public var jobs: [String]
        /// SQL files that fill a new database, in order.
        public var scripts: [String]
    }

    /// The containers of the target half: those of the application, its database, and the customers.
    package var containers: [String] { [self.database.component] + self.programs.map(\.name) + ["load"] }

    /// Where a person outside calls a program; nil when it is not published.
    package func url(of program: String) -> String? {
        self.programs.first { $0.name == program }?.published.map { "http://127.0.0.1:\($0)" }
    }
}

extension InstanceRecord {
    /// The programs of one half of this lab, in the order in which they are shown.
    package func programs(of half: InstanceLayout.Half) -> [String] {
        switch half {
        case .target: self.application?.containers ?? half.programs
        case .lab: half.programs + self.linkPrograms
        }
    }

    /// Whether the lab may say what its target's programs send to each other: containers are its own, the machine is root's.
    ///
    /// Anybody's lab may that has a proxy in between.
    public var mayChangeNetwork: Bool { self.runtime == .compose || self.isolation == .users || self.isProxied }

    /// The programs of the target from which the ways out can be closed: those that others call and that call a provider.
    ///
    /// Each has a network of its own, or an address of its own to call from, which only root can watch.
    package var linked: [String] {
        guard self.mayChangeNetwork else { return [] }
        if self.isProxied { return ["api-1", "api-2", "web"] }
        return self.application.map { $0.linked ?? [] } ?? ["api-1", "api-2"]
    }

    /// The address from which a program calls others where all have one network; nil where it has a network of its own.
    package func source(of program: String) -> String? {
        guard self.runtime == .local, !self.isProxied else { return nil }
        return self.linked.firstIndex(of: program).map { "127.0.0.\(11 + $0)" }
    }

    /// The address at which a program finds a proxy for everybody it calls; nil where it calls them themselves.
    package func via(of program: String) -> String? {
        guard self.isProxied else { return nil }
        return self.linked.firstIndex(of: program).map { "127.0.0.\(11 + $0)" }
    }

    /// The programs that close ways, one for each linked program or one for all.
    package var linkPrograms: [String] { self.isProxied ? ["proxy"] : self.linked.map(Self.link) }

    /// The kernel's table for what is closed of a program's ways; no other lab has the same.
    package func linkTable(of program: String) -> String { "opslab-\(self.instanceID.prefix(12))-\(program)" }

    /// The name of the program in another one's network.
    package static func link(of program: String) -> String { "\(program)-net" }
}
