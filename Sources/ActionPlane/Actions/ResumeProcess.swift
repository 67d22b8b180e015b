import OpsModel
import OpsRuntime
import OpsSystem

/// Lets a process go on that is held still, by a stop signal or by an engine's pause.
///
/// It keeps its memory and its connections, so what waited for it is answered late instead of being lost, as it would be by a
/// restart. One that runs needs nothing, and one that has ended cannot go on: both are refused.
struct ResumeProcess: RemediationAction {
    private let components: [Target.ProcessComponent]
    private let steps: ProcessSteps

    init(_ target: Target, steps: ProcessSteps) {
        components = target.processes
        self.steps = steps
    }

    var description: ActionDescription {
        ActionDescription(
            name: "resume-process",
            version: 1,
            title: "Let a process go on that is held still",
            parameters: schema.json,
            kinds: ["http", "worker", "batch"],
            risk: "low",
            downtimeS: 0,
            undo: "none: it runs, as everybody thought it did",
            isReversible: false
        )
    }

    var schema: ParameterSchema {
        ParameterSchema(properties: [
            .init(
                name: "component",
                kind: .word(components.map(\.name)),
                summary: "whose process it is",
                isRequired: true
            ),
            .init(
                name: "instance",
                kind: .word(components.flatMap { $0.instances.map(\.name) }),
                summary: "one instance; without it every instance that is held still"
            ),
        ])
    }

    func prepare(_ parameters: [String: JSONValue]) async throws(ActionError) -> PreparedAction {
        let (component, instances) = try components.selection(parameters)
        var facts: [String: JSONValue] = ["component": .string(component.name)]
        var planned: [ActionStep] = []
        for instance in instances {
            let status = try await steps.control.status(of: instance.program)
            facts["process.\(instance.name)"] = status.fact
            guard status.isRunning, status.isPaused else { continue }
            planned.append(ActionStep("resume", instance.program, before: status.fact, isResumable: true))
        }
        return PreparedAction(
            of: description,
            facts: facts,
            diff: planned.map { "- \($0.subject): held still" } + planned.map { "+ \($0.subject): goes on" },
            blastRadius: "what waits for it is worked on now, however long ago it was asked for",
            claims: Dictionary(instances.map { (.process($0.program), nil) }) { first, _ in first },
            steps: planned,
            refusals: planned.isEmpty ? ["no process of \(component.name) is held still"] : []
        )
    }

    func perform(_ step: ActionStep, of intent: Intent) async throws(ActionError) {
        guard try await steps.control.status(of: step.subject).identity == step.identity else {
            throw ActionError(.factsDrifted, "another process runs as \(step.subject) by now")
        }
        try await steps.control.resume(step.subject)
    }

    /// One that was held still again meanwhile, by whomever, counts as not yet let go.
    func state(of step: ActionStep, in intent: Intent) async throws(ActionError) -> StepState {
        let live = try await steps.control.status(of: step.subject)
        guard live.identity == step.identity else {
            return .other("another process, or none, is \(step.subject) by now")
        }
        return live.isPaused ? .before : .after
    }

    func postcheck(_ intent: Intent) async throws(ActionError) -> [String: JSONValue] {
        var ready: [String: JSONValue] = [:]
        for instance in components.flatMap(\.instances)
        where intent.steps.contains(where: { $0.subject == instance.program }) {
            guard let url = instance.url else { continue }
            ready[instance.name] = .bool(await steps.readiness.isReady(url, within: steps.patience))
        }
        return ["ready": .object(ready)]
    }
}
