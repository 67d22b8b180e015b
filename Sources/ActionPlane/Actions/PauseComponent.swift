import OpsModel
import OpsRuntime
import OpsSystem

/// Stops the processes of a batch job and leaves them down, so that it begins nothing more.
///
/// Only what the topology calls pausable. Being down is the desired state from then on: whoever starts it, by `restart-service`
/// or by hand, has ended the pause.
struct PauseComponent: RemediationAction {
    private let components: [Target.ProcessComponent]
    private let steps: ProcessSteps

    init(_ target: Target, steps: ProcessSteps) {
        components = target.processes.filter(\.isPausable)
        self.steps = steps
    }

    var description: ActionDescription {
        ActionDescription(
            name: "pause-component",
            version: 1,
            title: "Stop a batch job until somebody starts it again",
            parameters: schema.json,
            kinds: ["batch"],
            risk: "medium",
            downtimeS: 0,
            undo: "restart-service of the same component starts it again",
            isReversible: true
        )
    }

    var schema: ParameterSchema {
        ParameterSchema(properties: [
            .init(
                name: "component",
                kind: .word(components.map(\.name)),
                summary: "the batch job to stop",
                isRequired: true
            )
        ])
    }

    func prepare(_ parameters: [String: JSONValue]) async throws(ActionError) -> PreparedAction {
        guard let component = components.first(where: { $0.name == parameters["component"]?.stringValue }) else {
            throw ActionError(.notPermitted, "this topology has no such component that may be paused")
        }
        var facts: [String: JSONValue] = ["component": .string(component.name)]
        var planned: [ActionStep] = []
        for instance in component.instances {
            let status = try await steps.control.status(of: instance.program)
            facts["process.\(instance.name)"] = status.fact
            guard status.isRunning else { continue }
            planned.append(ActionStep("stop", instance.program, before: status.fact, isResumable: true))
        }
        return PreparedAction(
            of: description,
            facts: facts,
            diff: planned.map { "- \($0.subject): runs" }
                + planned.map { "+ \($0.subject): down until somebody starts it" },
            blastRadius: "\(component.name) does none of its work meanwhile; what it is doing now is cut off",
            claims: Dictionary(component.instances.map { (.process($0.program), nil) }) { first, _ in first },
            steps: planned,
            refusals: planned.isEmpty ? ["no process of \(component.name) runs"] : []
        )
    }

    func perform(_ step: ActionStep, of intent: Intent) async throws(ActionError) { try await steps.perform(step) }

    /// One that somebody started meanwhile is neither the planned one nor down.
    func state(of step: ActionStep, in intent: Intent) async throws(ActionError) -> StepState {
        guard let live = try await steps.control.status(of: step.subject).identity else { return .after }
        return live == step.identity ? .before : .other("another process runs as \(step.subject) by now")
    }

    func postcheck(_ intent: Intent) async throws(ActionError) -> [String: JSONValue] {
        ["stopped": .array(intent.steps.map { .string($0.subject) })]
    }

    func compensate(_ intent: Intent, through index: Int) async throws(ActionError) {
        for step in intent.steps[...index] {
            guard try await state(of: step, in: intent) == .after else { continue }
            try await steps.control.start(step.subject)
        }
    }
}
