import OpsModel
import OpsRuntime
import OpsSystem

/// Puts the settings of a configuration file back to the newest version that says something else, and brings its users onto it.
///
/// Secrets stay as they are: an earlier one may have been replaced because somebody knew it, and nobody else has gone back to it.
struct FileRollback: ConfigurationRollback {
    let component: String
    let kind: String
    let subject: ConfigurationSubject
    private let file: String
    private let target: Target
    private let rollout: ConfigurationRollout

    init(
        _ target: Target,
        of process: Target.ProcessComponent,
        _ subject: ConfigurationSubject = .settings,
        processes: ProcessSteps
    ) {
        component = process.name
        kind = process.kind
        self.subject = subject
        file = (subject == .hosts ? process.hosts : process.configuration) ?? ""
        self.target = target
        rollout = ConfigurationRollout(target: target, processes: processes)
    }

    func prepare(
        _ description: ActionDescription,
        _ parameters: [String: JSONValue]
    ) async throws(ActionError) -> PreparedAction {
        let store = try rollout.store(file)
        let now = try store.read()
        guard let version = try store.versionBefore(now) else { return refusal(description, now) }
        let new = try store.version(version, keepingSecretsOf: now)
        let users = target.users(of: file).map(\.name).joined(separator: ", ")
        let claims: [SharedResource: String?] = [.configuration(file): new.hash]
        return PreparedAction(
            of: description,
            facts: [
                "component": .string(component), "file": .string(file), "configuration": .string(now.hash),
                "version": .int(version), "to": .string(new.hash),
            ],
            diff: diff(now, new, but: store.file.secrets),
            blastRadius: users.isEmpty
                ? "every call to the names that lead elsewhere then"
                : "\(users) restart one after another with version \(version) of \(file)",
            claims: claims.merging(rollout.claims(file)) { own, _ in own },
            steps: try await rollout.steps(file, from: now.hash, to: new.hash)
        )
    }

    func perform(_ step: ActionStep, of intent: Intent) async throws(ActionError) {
        guard step.name == "write" else { return try await rollout.processes.perform(step) }
        let store = try rollout.store(step.subject)
        let version = intent.facts["version"]?.intValue ?? 0
        try rollout.write(step, store.version(version, keepingSecretsOf: store.read()), author: intent.run)
    }

    func state(of step: ActionStep, in intent: Intent) async throws(ActionError) -> StepState {
        try await rollout.state(of: step, in: intent)
    }

    func postcheck(_ intent: Intent) async throws(ActionError) -> [String: JSONValue] {
        guard try rollout.store(file).read().hash == intent.facts["to"]?.stringValue else {
            throw ActionError(.postcheckFailed, "\(file) was changed again")
        }
        return ["version": intent.facts["version"] ?? .null]
    }

    func compensate(_ intent: Intent, through index: Int) async throws(ActionError) {
        try await rollout.takeBack(intent, author: intent.run)
    }

    private func refusal(_ description: ActionDescription, _ now: EnvironmentFile) -> PreparedAction {
        PreparedAction(
            of: description,
            facts: ["component": .string(component), "file": .string(file), "configuration": .string(now.hash)],
            diff: [],
            blastRadius: "nobody: there is nothing to go back to",
            claims: [.configuration(file): nil],
            steps: [],
            refusals: ["no kept version of \(file) has other settings than now"]
        )
    }

    private func diff(_ now: EnvironmentFile, _ new: EnvironmentFile, but secrets: Set<String>) -> [String] {
        now.differences(from: new, but: secrets).flatMap { key in
            [now[key].map { "- \(key)=\($0)" }, new[key].map { "+ \(key)=\($0)" }].compactMap(\.self)
        }
    }
}
