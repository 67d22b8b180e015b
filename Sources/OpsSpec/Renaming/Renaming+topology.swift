extension Renaming {
    /// Other names for all that a topology, and the bindings of a lab, name.
    ///
    /// Components with their instances, journeys with their routes, databases with their roles and tables, configuration
    /// files with their keys, alternatives of providers. A server's own settings are words of that server, not of the system.
    public init(
        of topology: Topology,
        bindings: Bindings? = nil,
        using generator: inout some RandomNumberGenerator
    ) {
        let names =
            [topology.system] + topology.components.flatMap(Self.names) + topology.journeys.flatMap(Self.names)
            + topology.state.names + topology.config.flatMap { Self.names($0, in: topology) }
            + (bindings?.components.values.compactMap(\.postgres).flatMap { [$0.database, $0.admin ?? ""] } ?? [])
        self.init(names.flatMap(Self.words), using: &generator)
    }

    private static func names(_ component: Component) -> [String] {
        [component.name, component.database, component.queue, component.active].compactMap(\.self)
            + component.providers.flatMap { [$0.name, $0.url] }
    }

    /// A route without what stands for something that the customer made, and without its query.
    private static func names(_ journey: Journey) -> [String] {
        let path = journey.path.prefix { $0 != "?" }
        return [journey.name] + path.split(separator: "/").filter { !$0.hasPrefix("{") }.map(String.init)
    }

    private static func names(_ source: ConfigSource, in topology: Topology) -> [String] {
        guard topology.component(source.name) == nil else { return [] }
        return [withoutExtension(source.name)] + source.secrets.flatMap { [$0.key, $0.role ?? ""] }
            + source.settable.map(\.key)
    }

    /// What a file is called without saying what is in it.
    private static func withoutExtension(_ file: String) -> String {
        file.lastIndex(of: ".").map { String(file[..<$0]) } ?? file
    }
}

extension WorldState {
    /// Every table that is named.
    fileprivate var names: [String] {
        [flags?.table, jobs?.table, quarantine].compactMap(\.self) + rows.map(\.table)
    }
}
