/// The system under test as its operators describe it: the only place that knows it.
///
/// Names are handles of processes or containers unless a component says otherwise. Nothing may be broken that is not
/// listed under `chaos`.
public struct Topology: Hashable, Sendable {
    /// The system's name.
    public var system: String
    /// What customers do; only these page and only these judge.
    ///
    /// In the order of the file.
    public var journeys: [Journey]
    /// What the system is made of, in the order of the file.
    public var components: [Component]
    /// How components are probed, beyond what their kind implies.
    public var probes: [Probe]
    /// How the system logs.
    public var logs: LogFormat
    /// Configuration files and settings.
    public var config: [ConfigSource]
    /// Where the world keeps what actions and checks need.
    public var state: WorldState
    /// Which changes are watched.
    public var changes: [ChangeKind]
    /// What one incident, and one hour, may cost.
    public var limits: Limits
    /// What may be broken.
    public var chaos: ChaosScope

    /// The component of that name.
    public func component(_ name: String) -> Component? { components.first { $0.name == name } }

    /// The journey of that name.
    public func journey(_ name: String) -> Journey? { journeys.first { $0.name == name } }

    /// The configuration file of that name.
    public func configSource(_ name: String) -> ConfigSource? { config.first { $0.name == name } }

    /// Components that need the given one, directly.
    public func callers(of name: String) -> [Component] {
        components.filter { $0.needs.contains(name) || component(name)?.usedBy.contains($0.name) == true }
    }

    /// Components of a kind.
    public func components(of kind: ComponentKind) -> [Component] { components.filter { $0.kind == kind } }

    /// The component that customers reach first: an HTTP component that nobody needs, else the first HTTP component.
    public var entry: Component? {
        let http = components(of: .http)
        return http.first { callers(of: $0.name).isEmpty } ?? http.first
    }

    /// Reads a topology file.
    public static func load(_ path: String) throws(SpecProblems) -> Topology {
        try parse(try readDocument(path), file: path)
    }
}
