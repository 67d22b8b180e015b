public import OpsModel

extension Topology {
    /// The part of the topology that an agent may know: names, kinds and who needs whom; no address, path or secret.
    public var agentView: AgentView {
        AgentView(
            system: system,
            journeys: journeys.map { journey in
                ViewedJourney(
                    name: journey.name,
                    request: journey.request,
                    objective: journey.objective,
                    entry: entry?.name ?? ""
                )
            },
            components: components.map(viewed),
            actionsPerIncident: limits.actionsPerIncident
        )
    }

    private func viewed(_ component: Component) -> ViewedComponent {
        let stores = components.filter { $0.usedBy.contains(component.name) }.map(\.name)
        return ViewedComponent(
            name: component.name,
            kind: component.kind.rawValue,
            instances: component.instanceNames,
            needs: component.needs + stores.filter { !component.needs.contains($0) },
            providers: component.providers.map(\.name),
            config: component.config,
            isPausable: component.isPausable
        )
    }
}
