public import OpsSpec

/// Which component each role stands for on one topology.
public struct RoleBinding: Codable, Hashable, Sendable {
    /// Component names by role.
    public var components: [String: String]
    /// What each component of the topology consists of: the names of its instances, or of a provider's alternatives.
    public var units: [String: [String]]

    /// A binding with given names.
    public init(components: [String: String], units: [String: [String]] = [:]) {
        self.components = components
        self.units = units
    }

    /// The component of a role, or the link between those of two (`caller->provider`); the word itself when it is neither.
    public func component(_ role: String) -> String {
        Self.ends(of: role).map { components[$0] ?? $0 }.joined(separator: "->")
    }

    /// The roles that a word is about: itself, or both ends of a link.
    static func ends(of word: String) -> [String] { word.split(separator: "->").map(String.init) }

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
        let parts = topology.components.map { ($0.name, $0.instanceNames + $0.providers.map(\.name)) }
        units = Dictionary(parts) { first, _ in first }
    }

    /// The instance or alternative of a component that a scenario means by a word.
    ///
    /// A name that the component has is that one; a number is `component-N`, or the only one it has. What fits nothing is
    /// given back as it would be called, for whoever is asked for it to refuse.
    public func unit(_ word: String, of component: String) -> String {
        let known = units[component] ?? []
        let numbered = "\(component)-\(word)"
        if known.contains(word) { return word }
        if known.contains(numbered) { return numbered }
        if word == "1", known.count == 1 { return known[0] }
        return Int(word) == nil ? word : numbered
    }

    /// The component that has an instance or alternative of this name; nil when none or several have.
    public func owner(of unit: String) -> String? {
        let owners = units.filter { $0.value.contains(unit) }.keys
        return owners.count == 1 ? owners.first : nil
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
