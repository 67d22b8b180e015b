import OpsSpec

/// The programs that hold sessions or files of the target, in the order in which they can start.
struct TargetUsers: Sendable, Equatable {
    /// Programs that need only those of the tiers before; the customers come last.
    private(set) var tiers: [[String]] = []
    /// Somebody else's systems, which are started where they are down and never stopped.
    private(set) var providers: [String] = []

    init(_ topology: Topology, _ bindings: Bindings) {
        var waiting = topology.components.filter { [.http, .worker, .batch].contains($0.kind) }
        while !waiting.isEmpty {
            let names = Set(waiting.map(\.name))
            let ready = waiting.filter { names.isDisjoint(with: $0.needs) }
            // A circle has no order: whoever is left starts at once.
            let next = ready.isEmpty ? waiting : ready
            let programs = next.flatMap { bindings.components[$0.name]?.instances ?? [] }.compactMap(\.program)
            if !programs.isEmpty { self.tiers.append(programs.sorted()) }
            waiting.removeAll { component in next.contains { $0.name == component.name } }
        }
        if let load = bindings.load?.program { self.tiers.append([load]) }
        self.providers = bindings.components.values.flatMap { Array(($0.providers ?? [:]).values) }
            .compactMap(\.program).sorted()
    }
}
