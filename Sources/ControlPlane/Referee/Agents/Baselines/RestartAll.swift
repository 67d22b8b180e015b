import OpsModel
import OpsScenario
import OpsSpec

/// Restarts everything that can be restarted, what others need first, as far as one incident's actions go.
struct RestartAll: PlayedAgent {
    let name = "restart-all"

    func work(with hands: AgentHands) async throws {
        let option = Self.option(hands.incident.view, hands.incident.actions, at: hands.incident.actionsLeft)
        guard let option else { return }
        _ = try await hands.propose(option, isLast: true)
    }

    /// Nil when nothing can be restarted.
    static func option(_ view: AgentView, _ actions: [ActionDescription], at most: Int) -> ProposedOption? {
        let restarts = actions.filter {
            $0.name.hasPrefix("restart-") && ActionVocabulary.canonical($0.name) == $0.name
        }
        let steps = dependenciesFirst(view.components).compactMap { component in
            restarts.first { ActionForm($0).words("component")?.contains(component) == true }
                .map { ProposedStep(action: $0.name, parameters: ["component": .string(component)]) }
        }
        return steps.isEmpty ? nil : ProposedOption(title: "restart everything", steps: Array(steps.prefix(most)))
    }

    /// Each component after all that it needs; a circle is entered at its first component.
    private static func dependenciesFirst(_ components: [ViewedComponent]) -> [String] {
        var order: [String] = []
        var visited: Set<String> = []
        func visit(_ name: String) {
            guard visited.insert(name).inserted, let component = components.first(where: { $0.name == name }) else {
                return
            }
            component.needs.forEach(visit)
            order.append(name)
        }
        components.map(\.name).forEach(visit)
        return order
    }
}
