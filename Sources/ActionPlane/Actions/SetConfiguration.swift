import OpsModel
import OpsRuntime
import OpsSpec
import OpsSystem

/// Gives a key of a configuration file another value, inside the bounds that the topology declares, and brings its users onto it.
struct SetConfiguration: RemediationAction {
    private let target: Target
    private let rollout: ConfigurationRollout
    /// By component, the file that it reads; only files in which something may be set.
    private let files: [String: Target.ConfigurationFile]

    init(_ target: Target, processes: ProcessSteps) {
        self.target = target
        rollout = ConfigurationRollout(target: target, processes: processes)
        files = target.processes.reduce(into: [:]) { files, process in
            files[process.name] = target.configurations.first {
                $0.name == process.configuration && !$0.settable.isEmpty
            }
        }
    }

    /// Whether there is anything that it could set.
    var isPossible: Bool { !files.isEmpty }

    var description: ActionDescription {
        ActionDescription(
            name: "set-config",
            version: 1,
            title: "Set a value of a configuration file inside its declared bounds, and restart its users",
            parameters: schema.json,
            kinds: Set(target.processes.filter { files[$0.name] != nil }.map(\.kind)).sorted(),
            risk: "medium",
            downtimeS: 1,
            undo: "the same action with the value before; file and users go back together when a step fails",
            isReversible: true
        )
    }

    var schema: ParameterSchema {
        let keys = Set(files.values.flatMap(\.settable).map(\.key)).sorted()
        return ParameterSchema(properties: [
            .init(name: "component", kind: .word(files.keys.sorted()), summary: "who reads the file", isRequired: true),
            .init(name: "key", kind: .word(keys), summary: "a key that may be set", isRequired: true),
            .init(name: "value", kind: .setting, summary: "a value inside its bounds", isRequired: true),
        ])
    }

    func prepare(_ parameters: [String: JSONValue]) async throws(ActionError) -> PreparedAction {
        let (component, file, key, value) = try subject(parameters)
        let store = ConfigurationStore(file: file)
        let now = try store.read()
        let new = now.setting(key, to: value)
        let isSet = now[key] == value
        let users = target.users(of: file.name).map(\.name).joined(separator: ", ")
        let claims: [SharedResource: String?] = [.configuration(file.name): new.hash]
        return PreparedAction(
            of: description,
            facts: [
                "component": .string(component), "file": .string(file.name), "configuration": .string(now.hash),
                "version": .int(try store.version()), "key": .string(key), "value": .string(value),
            ],
            diff: isSet ? [] : [now[key].map { "- \(key)=\($0)" }, "+ \(key)=\(value)"].compactMap(\.self),
            blastRadius: isSet ? "nobody: it is set already" : "\(users) restart one after another",
            claims: claims.merging(rollout.claims(file.name)) { own, _ in own },
            steps: isSet ? [] : try await rollout.steps(file.name, from: now.hash, to: new.hash)
        )
    }

    func perform(_ step: ActionStep, of intent: Intent) async throws(ActionError) {
        guard step.name == "write" else { return try await rollout.processes.perform(step) }
        let (_, file, key, value) = try subject(intent.parameters)
        try rollout.write(
            step,
            ConfigurationStore(file: file).read().setting(key, to: value),
            author: intent.run
        )
    }

    func state(of step: ActionStep, in intent: Intent) async throws(ActionError) -> StepState {
        try await rollout.state(of: step, in: intent)
    }

    func postcheck(_ intent: Intent) async throws(ActionError) -> [String: JSONValue] {
        let (_, file, key, value) = try subject(intent.parameters)
        guard try ConfigurationStore(file: file).read()[key] == value else {
            throw ActionError(.postcheckFailed, "\(key) has another value by now")
        }
        return ["key": .string(key), "value": .string(value)]
    }

    func compensate(_ intent: Intent, through index: Int) async throws(ActionError) {
        try await rollout.takeBack(intent, author: intent.run)
    }

    private func subject(
        _ parameters: [String: JSONValue]
    ) throws(ActionError) -> (component: String, file: Target.ConfigurationFile, key: String, value: String) {
        let component = parameters["component"]?.stringValue ?? ""
        let (key, value) = (parameters["key"]?.stringValue ?? "", parameters["value"]?.stringValue ?? "")
        guard let file = files[component], let setting = file.settable.first(where: { $0.key == key }) else {
            throw ActionError(.invalidParameters, "key: \(component) has no \(key) that may be set")
        }
        guard setting.envelope.contains(value) else {
            throw ActionError(
                .notPermitted,
                "value: \(value) is out of the bounds of \(key)",
                hint: "see config in the topology"
            )
        }
        return (component, file, key, value)
    }
}
