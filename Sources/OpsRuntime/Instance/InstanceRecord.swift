public import OpsModel
import OpsSystem
import OpsTrust

/// What a lab remembers about itself between two starts.
public struct InstanceRecord: Codable, Sendable {
    /// Its name.
    public var instance: String
    /// Its identity: signed grants name it, so that none is good for another lab.
    public var instanceID: String
    /// How its programs run.
    public var runtime: LabRuntime
    /// The isolation level it was made with.
    public var isolation: Isolation
    /// When it was made.
    public var created: Timestamp
    /// The port of each listener.
    public var ports: PortPlan
    /// The directory of its sockets.
    public var sockets: String
    /// The socket of the engine that has its containers; nil where its programs are processes.
    public var engine: String?
    /// A person's own application in place of the shop.
    public var application: Application?
    /// Whether a proxy stands in the ways between the shop's programs.
    public var isProxied = false

    enum CodingKeys: String, CodingKey {
        case instance
        case instanceID = "instance_id"
        case runtime
        case isolation
        case created
        case ports
        case sockets
        case engine
        case application
        case isProxied = "proxied"
    }

    /// A new lab.
    package init(
        instance: InstanceName,
        runtime: LabRuntime = .local,
        isolation: Isolation,
        ports: PortPlan,
        sockets: String,
        engine: String? = nil,
        isProxied: Bool = false
    ) {
        self.isProxied = isProxied
        self.runtime = runtime
        self.engine = engine
        self.instance = instance.text
        self.instanceID = Hex.encode((0..<16).map { _ in UInt8.random(in: 0 ... .max) })
        self.isolation = isolation
        self.created = .now()
        self.ports = ports
        self.sockets = sockets
    }

    /// Reads a record; those of before there were two runtimes name none.
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        instance = try members.decode(String.self, forKey: .instance)
        instanceID = try members.decode(String.self, forKey: .instanceID)
        runtime = try members.decodeIfPresent(LabRuntime.self, forKey: .runtime) ?? .local
        isolation = try members.decode(Isolation.self, forKey: .isolation)
        created = try members.decode(Timestamp.self, forKey: .created)
        ports = try members.decode(PortPlan.self, forKey: .ports)
        sockets = try members.decode(String.self, forKey: .sockets)
        engine = try members.decodeIfPresent(String.self, forKey: .engine)
        application = try members.decodeIfPresent(Application.self, forKey: .application)
        isProxied = try members.decodeIfPresent(Bool.self, forKey: .isProxied) ?? false
    }

    /// Reads the record of a lab; nil when there is none.
    ///
    /// - Throws: `state_damaged` for a record that cannot be read: nothing is overwritten then.
    public static func read(_ path: String) throws(RuntimeError) -> InstanceRecord? {
        guard FileSystem.exists(path) else { return nil }
        do {
            return try OpsJSON.decode(InstanceRecord.self, from: try FileSystem.read(path, limit: 1 << 16))
        } catch let error as SystemError {
            throw RuntimeError(error)
        } catch {
            throw RuntimeError(
                .stateDamaged,
                "\(path) is damaged: \(error)",
                hint: "`opslab down --purge` removes this lab with all its data"
            )
        }
    }

    /// Writes the record in one step.
    package func write(_ path: String) throws(RuntimeError) {
        try translating {
            try FileSystem.writeAtomically(try OpsJSON.encode(self, pretty: true), to: path, mode: 0o644)
        }
    }
}

/// How well the parts of a lab are kept apart; results of different levels are never put into one table.
public enum Isolation: String, Codable, Sendable, CaseIterable {
    /// One user runs everything: only the interfaces keep secrets.
    case interface = "I0"
    /// The agent is in a sandbox.
    case sandbox = "I1"
    /// Each service has a user of its own.
    case users = "I2"
    /// Each service has a container of its own.
    case containers = "I3"
}
