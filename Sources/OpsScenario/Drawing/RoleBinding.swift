public import OpsSpec

/// Which component each role stands for on one topology.
public struct RoleBinding: Hashable, Sendable {
    /// Component names by role.
    public var components: [String: String]

    /// A binding with given names.
    public init(components: [String: String]) { self.components = components }

    /// The component of a role; the word itself when it is no role.
    public func component(_ role: String) -> String { components[role] ?? role }

    /// Binds by kind; among several possibilities the one whose components depend on one another most, and then the first
    /// in the order of the topology.
    ///
    /// Nil when some kind is missing or too few components have it.
    public init?(_ roles: [Scenario.Role], on topology: Topology) {
        var best: (links: Int, names: [String])?
        Self.extend([], roles[...], topology) { names in
            let links = Self.links(names, topology)
            if links > (best?.links ?? -1) { best = (links, names) }
        }
        guard let best else { return nil }
        components = Dictionary(uniqueKeysWithValues: zip(roles.map(\.name), best.names))
    }

    private static func extend(
        _ chosen: [String],
        _ roles: ArraySlice<Scenario.Role>,
        _ topology: Topology,
        _ found: ([String]) -> Void
    ) {
        guard let role = roles.first else { return found(chosen) }
        for component in topology.components(of: role.kind) where !chosen.contains(component.name) {
            extend(chosen + [component.name], roles.dropFirst(), topology, found)
        }
    }

    private static func links(_ names: [String], _ topology: Topology) -> Int {
        names.reduce(0) { sum, name in sum + topology.callers(of: name).count { names.contains($0.name) } }
    }
}
