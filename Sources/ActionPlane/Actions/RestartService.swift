import OpsModel
import OpsRuntime
import OpsSystem

/// Replaces the processes of a component by new ones, one instance after another.
///
/// Not idempotent: a second restart is more downtime. Each instance is stopped and started as two steps, so a crash in
/// between is seen as half done and ends with the start.
struct RestartService: RemediationAction {
    let description: ActionDescription
    let schema: ParameterSchema
    private let target: Target
    private let components: [Target.ProcessComponent]
    private let steps: ProcessSteps

    /// The general action, or with `only` an alias that restarts one component.
    init(_ target: Target, steps: ProcessSteps, name: String = "restart-service", only component: String? = nil) {
        self.target = target
        self.steps = steps
        components = target.processes.filter { component == nil || $0.name == component }
        let instances = ParameterSchema.Property(
            name: "instance",
            kind: .word(components.flatMap { $0.instances.map(\.name) }),
            summary: "one instance; without it every instance, one after another"
        )
        let which = ParameterSchema.Property(
            name: "component",
            kind: .word(components.map(\.name)),
            summary: "what to restart",
            isRequired: component == nil
        )
        schema = ParameterSchema(properties: component == nil ? [which, instances] : [instances])
        description = ActionDescription(
            name: name,
            version: 1,
            title: component.map { "Restart the processes of \($0)" } ?? "Restart the processes of a component",
            parameters: schema.json,
            kinds: ["http", "worker", "batch"],
            risk: "medium",
            downtimeS: 1,
            undo: "none: what was in flight in the old process is lost",
            isReversible: false
        )
    }

    func prepare(_ parameters: [String: JSONValue]) async throws(ActionError) -> PreparedAction {
        let (component, instances) = try components.selection(parameters)
        var facts: [String: JSONValue] = ["component": .string(component.name)]
        var planned: [ActionStep] = []
        for (index, instance) in instances.enumerated() {
            let status = try await steps.control.status(of: instance.program)
            facts["process.\(instance.name)"] = status.fact
            planned += steps.replacing(instance, status, isResumable: false)
            // The next one is taken down only when this one serves.
            if index + 1 < instances.count { planned += steps.awaiting(instance) }
        }
        if let file = component.configuration.flatMap({ name in target.configurations.first { $0.name == name } }) {
            facts["configuration"] = .string(try ConfigurationStore(file: file).read().hash)
        }
        let others = component.instances.count - instances.count
        return PreparedAction(
            of: description,
            facts: facts,
            diff: instances.map { "~ \($0.name): the process is replaced" },
            blastRadius: others > 0
                ? "requests in flight at \(instances.map(\.name).joined(separator: ", ")); \(others) other(s) serve on"
                : "requests in flight at every instance of \(component.name), one after another",
            downtime: Double(instances.count) * description.downtimeS,
            claims: Dictionary(instances.map { (.process($0.program), nil) }) { first, _ in first },
            steps: planned
        )
    }

    func perform(_ step: ActionStep, of intent: Intent) async throws(ActionError) { try await steps.perform(step) }

    func state(of step: ActionStep, in intent: Intent) async throws(ActionError) -> StepState {
        try await steps.state(of: step, in: intent)
    }

    func postcheck(_ intent: Intent) async throws(ActionError) -> [String: JSONValue] {
        var ready: [String: JSONValue] = [:]
        for instance in components.flatMap(\.instances) where intent.facts["process.\(instance.name)"] != nil {
            guard let url = instance.url else { continue }
            ready[instance.name] = .bool(await steps.readiness.isReady(url, within: steps.patience))
        }
        return ["ready": .object(ready)]
    }
}
