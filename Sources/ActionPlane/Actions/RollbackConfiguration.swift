import OpsModel

/// Brings the configuration of one component back to what it was before somebody changed it.
struct RollbackConfiguration: RemediationAction {
    /// By component; the database is meant when none is named.
    private let parts: [any ConfigurationRollback]

    init(_ parts: [any ConfigurationRollback]) { self.parts = parts }

    /// The databases first: they are the only ones whose settings a component can have without a file.
    init(_ target: Target, processes: ProcessSteps) {
        var parts: [any ConfigurationRollback] = []
        if let database = target.database, !database.settings.isEmpty { parts.append(SettingsRollback(database)) }
        for process in target.processes {
            if target.configurations.contains(where: { $0.name == process.configuration }) {
                parts.append(FileRollback(target, of: process, processes: processes))
            }
            if target.configurations.contains(where: { $0.name == process.hosts }) {
                parts.append(FileRollback(target, of: process, .hosts, processes: processes))
            }
        }
        self.init(parts)
    }

    /// Whether there is anything that it could bring back.
    var isPossible: Bool { !parts.isEmpty }

    var description: ActionDescription {
        ActionDescription(
            name: "rollback-config",
            version: 1,
            title: "Go back to the configuration before the last change, and let its users open anew with it",
            parameters: schema.json,
            kinds: Set(parts.map { $0.kind }).sorted(),
            risk: "medium",
            downtimeS: 1,
            undo: "the configuration goes back together with its users when a later step fails",
            isReversible: true
        )
    }

    var schema: ParameterSchema {
        let components = Set(parts.map { $0.component }).sorted()
        let subjects = ConfigurationSubject.allCases.filter { subject in parts.contains { $0.subject == subject } }
        return ParameterSchema(properties: [
            .init(name: "component", kind: .word(components), summary: "whose configuration it is"),
            .init(
                name: "config",
                kind: .word(subjects.map(\.rawValue)),
                summary: "its settings, or the hosts that it looks up; settings if not given"
            ),
        ])
    }

    func prepare(_ parameters: [String: JSONValue]) async throws(ActionError) -> PreparedAction {
        try await part(parameters).prepare(description, parameters)
    }

    func perform(_ step: ActionStep, of intent: Intent) async throws(ActionError) {
        try await part(intent.parameters).perform(step, of: intent)
    }

    func state(of step: ActionStep, in intent: Intent) async throws(ActionError) -> StepState {
        try await part(intent.parameters).state(of: step, in: intent)
    }

    func postcheck(_ intent: Intent) async throws(ActionError) -> [String: JSONValue] {
        try await part(intent.parameters).postcheck(intent)
    }

    func compensate(_ intent: Intent, through index: Int) async throws(ActionError) {
        try await part(intent.parameters).compensate(intent, through: index)
    }

    private func part(_ parameters: [String: JSONValue]) throws(ActionError) -> any ConfigurationRollback {
        let wanted = parameters["component"]?.stringValue
        let subject = parameters["config"]?.stringValue.flatMap { ConfigurationSubject(rawValue: $0) } ?? .settings
        let candidates = parts.filter { $0.subject == subject }
        let part = candidates.first { wanted == $0.component || wanted == nil && $0.kind == "postgres" }
        guard let part else {
            throw ActionError(
                .invalidParameters,
                "component: one of \(candidates.map { $0.component }.joined(separator: ", "))"
            )
        }
        return part
    }
}
