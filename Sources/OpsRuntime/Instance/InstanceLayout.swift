import OpsSystem

/// Where everything of one lab lies.
///
/// Nothing here looks at the disk: all paths follow from three directories.
public struct InstanceLayout: Hashable, Sendable {
    /// The lab's own directory.
    public let home: String
    /// The directory of its sockets; short, because a socket's path has room for 107 bytes.
    public let sockets: String
    /// The directory that holds all labs and the people's keys.
    public let state: String

    /// Derives all paths.
    public init(home: String, sockets: String, state: String) {
        self.home = home
        self.sockets = sockets
        self.state = state
    }

    /// The same with the sockets where the lab has them, as long as they are there.
    ///
    /// Whoever asks may have another session, or be another user, than whoever started the lab.
    func at(sockets: String?) -> InstanceLayout {
        guard let sockets, FileSystem.isDirectory(sockets) else { return self }
        return InstanceLayout(home: self.home, sockets: sockets, state: self.state)
    }

    /// Who and where this lab is.
    public var record: String { "\(self.home)/instance.json" }
    /// Where the components of the topology are.
    public var bindings: String { "\(self.home)/bindings.json" }
    /// The copy of the topology this lab was started with.
    public var topology: String { "\(self.home)/topology.yaml" }
    /// The copy of the runbooks.
    public var runbooks: String { "\(self.home)/runbooks" }
    /// What Compose is told where the target is a person's own application.
    public var composeFile: String { "\(self.home)/compose.json" }
    /// The programs of this lab.
    public var programs: String { "\(self.home)/bin" }
    /// The system under test.
    public var target: String { "\(self.home)/target" }
    /// What a reset goes back to.
    public var baseline: String { "\(self.target)/baseline" }
    /// The services of the lab.
    public var lab: String { "\(self.home)/lab" }
    /// The configuration of Prometheus, Alertmanager and Grafana.
    public var monitoring: String { "\(self.lab)/monitoring" }
    /// One secret per file.
    public var secrets: String { "\(self.home)/secrets" }
    /// What actions and faults share.
    public var claims: String { "\(self.home)/shared/claims" }
    /// The locks that actions and faults share.
    public var locks: String { "\(self.home)/shared/locks" }
    /// What only the referee may know.
    public var referee: String { "\(self.home)/referee" }
    /// The reports of runs.
    public var reports: String { "\(self.home)/reports" }
    /// The settings of the shop's processes.
    public var config: String { "\(self.target)/config" }
    /// The digests of the keys that the payment providers take.
    public var merchantKeys: String { "\(self.config)/provider.keys" }
    /// The catalogue cache.
    public var cache: String { "\(self.target)/var/cache" }
    /// The worker's scratch directory.
    public var scratch: String { "\(self.target)/var/scratch" }
    /// What the load generator and the providers acknowledged.
    public var ledger: String { "\(self.target)/ledger" }
    /// The people who may approve.
    public var people: String { "\(self.state)/people" }
    /// The target's supervisor.
    public var targetSupervisor: String { "\(self.sockets)/target.sock" }
    /// The lab's supervisor.
    public var labSupervisor: String { "\(self.sockets)/lab.sock" }
    /// Where each service in a container finds its own filtered way to the engine.
    public var engineSocket: String { "\(self.sockets)/engine/engine.sock" }
    /// The directories of those ways outside the containers, one for each client.
    public func engineDirectory(of client: String) -> String { "\(self.sockets)/e/\(client)" }
    /// The socket directory of the target's database.
    public var targetDatabaseSocket: String { "\(self.sockets)/t" }
    /// The socket directory of the AgentOps database.
    public var agentOpsDatabaseSocket: String { "\(self.sockets)/a" }
    /// The socket of the injector's guard.
    public var guardSocket: String { "\(self.sockets)/c/guard.sock" }

    /// The socket at which the ways out of a program in a container are closed.
    public func linkSocket(of program: String) -> String { "\(self.sockets)/n/\(program).sock" }

    /// The socket at which a program of the shop is put under a strain.
    public func strainSocket(of program: String) -> String { "\(self.sockets)/s/\(program).sock" }

    /// The program by this name.
    public func program(_ name: String) -> String { "\(self.programs)/\(name)" }
    /// The own directory of a lab service.
    public func service(_ name: String) -> String { "\(self.lab)/\(name)" }
    /// The file of a secret.
    public func secret(_ name: String) -> String { "\(self.secrets)/\(name)" }
    /// The spool of a writer.
    public func spool(_ writer: String) -> String { "\(self.lab)/spool/\(writer)" }
    /// The log of a program under the given supervisor.
    public func log(_ program: String, of half: Half) -> String { "\(self.root(of: half))/log/\(program).log" }
    /// The directory of one half of the lab.
    public func root(of half: Half) -> String { half == .target ? self.target : self.lab }
    /// The supervisor of one half of the lab.
    public func supervisor(of half: Half) -> String { half == .target ? self.targetSupervisor : self.labSupervisor }

    /// A lab has two supervisors, so that whoever may restart the shop sees and touches nothing else.
    public enum Half: String, Sendable, CaseIterable {
        /// The system under test.
        case target
        /// Observer, injector, gate, actions and agent.
        case lab

        /// Its programs, in the order in which they are shown.
        package var programs: [String] {
            switch self {
            case .target: ["db", "payments-a", "payments-b", "api-1", "api-2", "worker", "report", "web", "load"]
            case .lab: ["engine", "relay", "agentops-db", "observer", "action", "guard", "chaos", "gate", "agent"]
            }
        }
    }
}
