import OpsModel
import OpsSpec
import OpsTrust

/// What an agent is told of its incident, under other names.
extension Renaming {
    func there(_ incident: AgentIncident) -> AgentIncident {
        var shown = incident
        shown.pages = incident.pages.map(there)
        shown.view = there(incident.view)
        shown.actions = incident.actions.map(there)
        shown.diagnosis = incident.diagnosis.map(there)
        shown.proposals = incident.proposals.map(there)
        return shown
    }

    func there(_ incident: Incident) -> Incident {
        var shown = incident
        shown.title = there(incident.title)
        shown.pages = incident.pages.map(there)
        return shown
    }

    /// The fingerprint is made from the journey's name, and would tell it.
    private func there(_ page: Page) -> Page {
        var shown = page
        shown.journey = there(page.journey)
        shown.summary = there(page.summary)
        if shown.journey != page.journey {
            shown.fingerprint = String(Digest.sha256("\(page.fingerprint) \(shown.journey)").hex.prefix(16))
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

    /// Names of actions and of their parameters are words of the catalogue; what a parameter may be is not.
    func there(_ action: ActionDescription) -> ActionDescription {
        var shown = action
        shown.title = there(action.title)
        shown.undo = there(action.undo)
        shown.parameters = action.parameters.mapTexts(sparing: ["type", "required", "pattern"], there)
        return shown
    }

    private func there(_ diagnosis: Diagnosis) -> Diagnosis {
        var shown = diagnosis
        shown.component = there(diagnosis.component)
        shown.instance = diagnosis.instance.map(there)
        shown.statement = there(diagnosis.statement)
        shown.ruledOut = diagnosis.ruledOut.map {
            RuledOut(
                component: there($0.component),
                mechanism: $0.mechanism,
                because: there($0.because),
                evidence: $0.evidence
            )
        }
        return shown
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
