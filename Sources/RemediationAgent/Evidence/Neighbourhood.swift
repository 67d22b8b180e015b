internal import OpsModel
internal import OpsSpec

/// Who needs whom, around the journeys that burn.
struct Neighbourhood: Sendable {
    let view: AgentView
    /// The journeys that burn, the worst first.
    let journeys: [String]
    private let depths: [String: Int]

    init(view: AgentView, journeys: [String]) {
        self.view = view
        self.journeys = journeys
        depths = Self.depths(view)
    }

    func component(_ name: String) -> ViewedComponent? { view.components.first { $0.name == name } }

    func kind(of name: String) -> ComponentKind? { component(name).flatMap { ComponentKind(rawValue: $0.kind) } }

    /// Components that need the given one, directly.
    func callers(of name: String) -> [ViewedComponent] { view.components.filter { $0.needs.contains(name) } }

    /// Components of a kind, the deepest first: causes lie below symptoms.
    func components(of kind: ComponentKind) -> [ViewedComponent] {
        view.components.filter { $0.kind == kind.rawValue }.sorted { depth($0.name) > depth($1.name) }
    }

    /// Steps from the customers: the entry has none, what it needs has one, and so on by the longest way.
    func depth(_ name: String) -> Int { depths[name] ?? 0 }

    /// The alternative of a provider that a role such as `fallback` stands for.
    func alternative(_ role: String, of name: String) -> String? {
        guard let providers = component(name)?.providers, !providers.isEmpty else { return nil }
        if providers.contains(role) { return role }
        switch role {
        case "primary": return providers.first
        case "fallback": return providers.count > 1 ? providers[1] : nil
        default: return nil
        }
    }

    private static func depths(_ view: AgentView) -> [String: Int] {
        var depths: [String: Int] = [:]
        let needed = Set(view.components.flatMap(\.needs))
        var frontier = view.components.map(\.name).filter { !needed.contains($0) }
        var level = 0
        while !frontier.isEmpty, level <= view.components.count {
            for name in frontier { depths[name] = level }
            let names = Set(frontier)
            let next = view.components.filter { names.contains($0.name) }.flatMap(\.needs)
            frontier = Array(Set(next)).sorted()
            level += 1
        }
        return depths
    }
}
