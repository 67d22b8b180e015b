/// Names a thing of the target that a fault and a repair may both want to change.
///
/// Whoever changes it holds the lock of that name meanwhile. The name is also the name of the lock file and of the claim
/// file, so it holds letters, digits, hyphens and dots only.
public struct SharedResource: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
    /// The name, such as `process.api-1`.
    public let name: String

    private init(_ kind: String, _ rest: String...) {
        name = ([kind] + rest).map(Self.plain).joined(separator: ".")
    }

    /// Reads a name as it stands in a record; nil when it could not be the name of a file.
    public init?(name: String) {
        guard !name.isEmpty, name.utf8.count <= 200, name.first != ".", name == Self.plain(name) else { return nil }
        self.name = name
    }

    /// The process that a supervisor's program stands for.
    public static func process(_ program: String) -> SharedResource { SharedResource("process", program) }

    /// A role of the target's database, its password above all.
    public static func role(_ role: String, of component: String) -> SharedResource {
        SharedResource("role", component, role)
    }

    /// A setting that the target's database gives to its sessions.
    public static func setting(_ name: String, of component: String) -> SharedResource {
        SharedResource("setting", component, name)
    }

    /// A feature flag that is kept in the target's database.
    public static func flag(_ name: String, of component: String) -> SharedResource {
        SharedResource("flag", component, name)
    }

    /// The tables of the target's database and what they are made of.
    public static func schema(of component: String) -> SharedResource { SharedResource("schema", component) }

    /// One job in the queue of a component.
    public static func job(_ id: Int, of component: String) -> SharedResource {
        SharedResource("job", component, String(id))
    }

    /// The sessions of the target's database.
    public static func sessions(of component: String) -> SharedResource { SharedResource("sessions", component) }

    /// A configuration file, by the name that the topology gives it.
    public static func configuration(_ file: String) -> SharedResource { SharedResource("config", file) }

    /// A directory component.
    public static func directory(_ component: String) -> SharedResource { SharedResource("directory", component) }

    /// A provider that the target calls.
    public static func provider(_ component: String) -> SharedResource { SharedResource("provider", component) }

    /// The keys that a provider takes.
    public static func keys(of component: String) -> SharedResource { SharedResource("keys", component) }

    /// The way from one component to another one that it needs.
    public static func link(from component: String, to other: String) -> SharedResource {
        SharedResource("link", component, other)
    }

    /// The name.
    public var description: String { name }

    /// Locks are taken in this order, so that two who want several never wait for each other.
    public static func < (left: SharedResource, right: SharedResource) -> Bool { left.name < right.name }

    /// Reads the name.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let resource = SharedResource(name: try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not the name of a resource")
        }
        self = resource
    }

    /// Writes the name.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(name)
    }

    private static func plain(_ text: String) -> String {
        String(text.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == ".") ? $0 : "-" })
    }
}
