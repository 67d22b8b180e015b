import OpsModel
import OpsRuntime
import OpsSystem
import OpsTrust

/// Gives the users of a provider a new key: the provider lets it in beside the old one, its users start with it one after
/// another, then the old one is no longer let in, and a call with each key proves it.
///
/// It goes forward after a crash, because the new key was put aside first. When a step fails everything goes back: first the
/// provider lets both in again, then file and processes, then the list byte for byte, so that no user is ever kept out by it.
struct RotateCredential: RemediationAction {
    let target: Target
    let rollout: ConfigurationRollout
    let secrets: StagedSecrets
    private let desk = AccountDesk()

    init(_ target: Target, processes: ProcessSteps, secrets: StagedSecrets) {
        self.target = target
        self.secrets = secrets
        rollout = ConfigurationRollout(target: target, processes: processes)
    }

    /// Whether there is a key that could be replaced.
    var isPossible: Bool { !subjects.isEmpty }
    private var subjects: [Target.Provider] { target.providers.filter { $0.key != nil } }

    var description: ActionDescription {
        ActionDescription(
            name: "rotate-credential",
            version: 1,
            title:
                "Give the users of a provider a new key, at the provider and in their file, and withdraw the old one",
            parameters: schema.json,
            kinds: ["provider"],
            risk: "medium",
            downtimeS: 1,
            undo: "the provider's list, the file and its users go back together when a step fails",
            isReversible: true
        )
    }

    var schema: ParameterSchema {
        ParameterSchema(properties: [
            .init(name: "component", kind: .word(subjects.map(\.component)), summary: "the provider"),
            .init(name: "key", kind: .word(subjects.compactMap(\.key?.setting)), summary: "the setting that holds it"),
        ])
    }

    func prepare(_ parameters: [String: JSONValue]) async throws(ActionError) -> PreparedAction {
        let (component, key) = try subject(parameters)
        let file = try rollout.store(key.configuration).read()
        let list = try KeyListStore(path: key.list).read()
        let users = target.users(of: key.configuration).map(\.name).joined(separator: ", ")
        let claims: [SharedResource: String?] = [.keys(of: component): nil, .configuration(key.configuration): nil]
        let accept = ActionStep("accept-key", component, before: ["from": .string(list.fingerprint)], isResumable: true)
        let withdraw = ActionStep("withdraw-key", component, isResumable: true)
        let isAccepted = list.accepts(file[key.setting] ?? "")
        return PreparedAction(
            of: description,
            facts: [
                "component": .string(component), "key": .string(key.setting), "file": .string(key.configuration),
                "configuration": .string(file.hash), "accepted": .string(list.fingerprint),
            ],
            diff: [
                "~ \(key.configuration): \(key.setting)", "+ \(component): accepts a new key",
                isAccepted ? "- \(component): accepts the key of now" : "= \(component): refuses the key of now",
            ],
            blastRadius: "\(users) restart one after another; whoever else has the old key is refused from then on",
            claims: claims.merging(rollout.claims(key.configuration)) { own, _ in own },
            steps: [accept] + (try await rollout.steps(key.configuration, from: file.hash, to: ""))
                + (isAccepted ? [withdraw] : []) + [ActionStep("check-call", component, isCheck: true)]
        )
    }

    func stage(_ prepared: PreparedAction, run: String) async throws(ActionError) -> PreparedAction {
        let (component, key) = try subject(prepared.plan.facts.filter { $0.key == "component" })
        let file = try rollout.store(key.configuration).read()
        let secret = StagedKey(
            key: StagedSecrets.random(),
            oldKey: file[key.setting] ?? "",
            before: try KeyListStore(path: key.list).read().text
        )
        guard secret.old.fingerprint == prepared.plan.facts["accepted"]?.stringValue else {
            throw ActionError(.factsDrifted, "somebody else changed the list of accepted keys in the same moment")
        }
        try secrets.write(secret, run: run)
        let new = file.setting(key.setting, to: secret.key)
        var staged = prepared
        staged.claims[.keys(of: component)] = secret.new.fingerprint
        staged.claims[.configuration(key.configuration)] = new.hash
        for index in staged.steps.indices {
            switch staged.steps[index].name {
            case "accept-key": staged.steps[index].setDestination(secret.both.fingerprint)
            case "write": staged.steps[index].setDestination(new.hash)
            case "withdraw-key":
                staged.steps[index].before = ["from": .string(secret.both.fingerprint)]
                staged.steps[index].setDestination(secret.new.fingerprint)
            default: continue
            }
        }
        return staged
    }

    func perform(_ step: ActionStep, of intent: Intent) async throws(ActionError) {
        let (_, key) = try subject(intent.parameters)
        switch step.name {
        case "accept-key": try replace(key, expecting: step.from, with: try secret(of: intent).both)
        case "withdraw-key": try replace(key, expecting: step.from, with: try secret(of: intent).new)
        case "write":
            let new = try rollout.store(step.subject).read().setting(key.setting, to: try secret(of: intent).key)
            try rollout.write(step, new, author: intent.run)
        case "check-call": try await check(intent)
        default: try await rollout.processes.perform(step)
        }
    }

    func state(of step: ActionStep, in intent: Intent) async throws(ActionError) -> StepState {
        switch step.name {
        case "accept-key", "withdraw-key":
            let live = try KeyListStore(path: try subject(intent.parameters).key.list).read().fingerprint
            // One list comes after the other, and each step is done as soon as its own or a later one is there.
            let lists = intent.steps.filter { ["accept-key", "withdraw-key"].contains($0.name) }.map(\.to)
            guard let found = lists.firstIndex(of: live) else {
                let isOld = intent.steps.contains { $0.name == "accept-key" && $0.from == live }
                return isOld ? .before : .other("somebody else changed the list of accepted keys")
            }
            return found >= (lists.firstIndex(of: step.to) ?? 0) ? .after : .before
        case "check-call":
            // A call that is refused is an answer, not an error; why it was refused was said when it was tried.
            return (try? await check(intent)) == nil ? .before : .after
        default: return try await rollout.state(of: step, in: intent)
        }
    }

    func compensate(_ intent: Intent, through index: Int) async throws(ActionError) {
        let (_, key) = try subject(intent.parameters)
        let secret = try secret(of: intent)
        let store = KeyListStore(path: key.list)
        if try store.read() == secret.new, secret.new != secret.both {
            try store.replace(expecting: secret.new.fingerprint, with: secret.both)
        }
        try await rollout.takeBack(intent, author: intent.run)
        guard try store.read() != secret.old else { return }
        try store.replace(expecting: secret.both.fingerprint, with: secret.old)
    }

    func cleanUp(_ intent: Intent) async throws(ActionError) { try secrets.remove(run: intent.run) }

    private func secret(of intent: Intent) throws(ActionError) -> StagedKey {
        try secrets.read(StagedKey.self, run: intent.run)
    }

    private func replace(
        _ key: Target.SharedKey,
        expecting fingerprint: String,
        with list: AcceptedKeys
    ) throws(ActionError) {
        try KeyListStore(path: key.list).replace(expecting: fingerprint, with: list)
    }

    /// A call with each key: whoever answers takes the new one and refuses the old one, and the alternative in use does answer.
    private func check(_ intent: Intent) async throws(ActionError) {
        let (component, key) = try subject(intent.parameters)
        let secret = try secret(of: intent)
        let active = try active(of: component, key)
        for (name, url) in key.accounts.sorted(by: { $0.key < $1.key }) {
            let isTaken = await desk.accepts(secret.key, at: url)
            guard isTaken ?? (name != active) else {
                throw ActionError(
                    .postcheckFailed,
                    "\(name) \(isTaken == nil ? "gives no answer" : "refuses the new key")"
                )
            }
            guard await desk.accepts(secret.oldKey, at: url) != true else {
                throw ActionError(.postcheckFailed, "\(name) still takes the old key")
            }
        }
    }

    private func active(of component: String, _ key: Target.SharedKey) throws(ActionError) -> String? {
        guard let provider = target.providers.first(where: { $0.component == component }) else { return nil }
        return try rollout.store(provider.configuration).read()[provider.activeKey]
    }

    private func subject(
        _ parameters: [String: JSONValue]
    ) throws(ActionError) -> (component: String, key: Target.SharedKey) {
        let component = parameters["component"]?.stringValue
        let setting = parameters["key"]?.stringValue
        let found = subjects.filter {
            (component == nil || $0.component == component) && (setting == nil || $0.key?.setting == setting)
        }
        guard let provider = found.first, let key = provider.key, found.count == 1 else {
            throw ActionError(
                .invalidParameters,
                found.isEmpty ? "no provider here has such a key" : "component: say which provider"
            )
        }
        return (provider.component, key)
    }
}
