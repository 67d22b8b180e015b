import OpsModel
import OpsSpec
import OpsTrust

/// What an agent is told of its incident, under other names.
extension Renaming {
    /// The diagnosis stays: it is in the words of an agent, who knew the incident by the same names.
    func there(_ incident: AgentIncident) -> AgentIncident {
        var shown = incident
        shown.pages = incident.pages.map(there)
        shown.view = there(incident.view)
        shown.actions = incident.actions.map(there)
        shown.proposals = incident.proposals.map(there)
        return shown
    }

    func there(_ incident: Incident) -> Incident {
        var shown = incident
        shown.title = there(incident.title)
        shown.pages = incident.pages.map(there)
        return shown
    }

    /// The fingerprint is made from the names of journey and component, and would tell them.
    private func there(_ page: Page) -> Page {
        var shown = page
        shown.journey = there(page.journey)
        shown.component = page.component.map(there)
        shown.summary = there(page.summary)
        if shown.journey != page.journey || shown.component != page.component {
            let names = [shown.journey, shown.component].compactMap(\.self).joined(separator: " ")
            shown.fingerprint = String(Digest.sha256("\(page.fingerprint) \(names)").hex.prefix(16))
        }
        return shown
    }

    private func there(_ view: AgentView) -> AgentView {
        AgentView(
            system: there(view.system),
            journeys: view.journeys.map {
                ViewedJourney(
                    name: there($0.name),
                    request: there($0.request),
                    objective: $0.objective,
                    entry: there($0.entry)
                )
            },
            components: view.components.map(there),
            actionsPerIncident: view.actionsPerIncident
        )
    }

    private func there(_ component: ViewedComponent) -> ViewedComponent {
        ViewedComponent(
            name: there(component.name),
            kind: component.kind,
            instances: component.instances.map(there),
            needs: component.needs.map(there),
            providers: component.providers.map(there),
            config: component.config.map(there),
            isPausable: component.isPausable
        )
    }

    func there(_ outcome: ProposalOutcome) -> ProposalOutcome {
        var shown = outcome
        shown.reason = outcome.reason.map(there)
        shown.steps = outcome.steps.map {
            StepOutcome(action: $0.action, state: $0.state, message: there($0.message), run: $0.run)
        }
        return shown
    }

    func there(_ receipt: ProposalReceipt) -> ProposalReceipt {
        var shown = receipt
        shown.reason = receipt.reason.map(there)
        return shown
    }

    func there(_ refusal: GateRefusal) -> GateRefusal {
        GateRefusal(refusal.code, there(refusal.message), hint: refusal.hint.map(there))
    }
}
