import OpsModel
import OpsRuntime
import OpsSystem

/// Points the target at another of a provider's alternatives and brings its users onto it.
struct SwitchToFallback: RemediationAction {
    let target: Target
    let rollout: ConfigurationRollout

    init(_ target: Target, processes: ProcessSteps) {
        self.target = target
        rollout = ConfigurationRollout(target: target, processes: processes)
    }

    var description: ActionDescription {
        ActionDescription(
            name: "switch-to-fallback",
            version: 1,
            title: "Use another of a provider's alternatives",
            parameters: schema.json,
            kinds: ["provider"],
            risk: "medium",
            downtimeS: 1,
            undo: "the same action with the alternative that was active before",
            isReversible: true
        )
    }

    var schema: ParameterSchema {
        let alternatives = Set(target.providers.flatMap(\.alternatives)).sorted()
        return ParameterSchema(properties: [
            .init(name: "to", kind: .word(alternatives), summary: "the alternative to use; fallback if not given"),
            .init(name: "component", kind: .word(target.providers.map(\.component)), summary: "the provider"),
        ])
    }

    func prepare(_ parameters: [String: JSONValue]) async throws(ActionError) -> PreparedAction {
        let provider = try provider(parameters)
        let wanted = parameters["to"]?.stringValue ?? "fallback"
        guard provider.alternatives.contains(wanted) else {
            throw ActionError(.invalidParameters, "to: \(provider.component) has \(provider.alternatives.sorted())")
        }
        let store = try rollout.store(provider.configuration)
        let file = try store.read()
        let active = file[provider.activeKey] ?? ""
        let new = file.setting(provider.activeKey, to: wanted)
        let users = target.users(of: provider.configuration).map(\.name).joined(separator: ", ")
        let claims: [SharedResource: String?] = [
            .configuration(provider.configuration): new.hash, .provider(provider.component): wanted,
        ]
        let isSet = active == wanted
        return PreparedAction(
            of: description,
            facts: [
                "component": .string(provider.component), "active": .string(active), "to": .string(wanted),
                "configuration": .string(file.hash), "version": .int(try store.version()),
            ],
            diff: isSet ? [] : ["- \(provider.activeKey)=\(active)", "+ \(provider.activeKey)=\(wanted)"],
            blastRadius: isSet ? "nobody: it is active already" : "every payment; \(users) restart one after another",
            claims: claims.merging(rollout.claims(provider.configuration)) { own, _ in own },
            steps: isSet ? [] : try await rollout.steps(provider.configuration, from: file.hash, to: new.hash)
        )
    }

    func perform(_ step: ActionStep, of intent: Intent) async throws(ActionError) {
        guard step.name == "write" else { return try await rollout.processes.perform(step) }
        let provider = try provider(intent.parameters)
        let wanted = intent.facts["to"]?.stringValue ?? ""
        let new = try rollout.store(step.subject).read().setting(provider.activeKey, to: wanted)
        try rollout.write(step, new, author: intent.run)
    }

    func state(of step: ActionStep, in intent: Intent) async throws(ActionError) -> StepState {
        try await rollout.state(of: step, in: intent)
    }

    func postcheck(_ intent: Intent) async throws(ActionError) -> [String: JSONValue] {
        let provider = try provider(intent.parameters)
        let active = try rollout.store(provider.configuration).read()[provider.activeKey] ?? ""
        guard active == intent.facts["to"]?.stringValue else {
            throw ActionError(.postcheckFailed, "\(active) is active")
        }
        return ["active": .string(active)]
    }

    func compensate(_ intent: Intent, through index: Int) async throws(ActionError) {
        try await rollout.takeBack(intent, author: intent.run)
    }

    private func provider(_ parameters: [String: JSONValue]) throws(ActionError) -> Target.Provider {
        let wanted = parameters["component"]?.stringValue
        let providers = target.providers.filter { wanted == nil || $0.component == wanted }
        guard let provider = providers.first, providers.count == 1 else {
            throw ActionError(
                .invalidParameters,
                providers.isEmpty ? "this topology has no provider with alternatives" : "component: say which provider"
            )
        }
        return provider
    }
}
