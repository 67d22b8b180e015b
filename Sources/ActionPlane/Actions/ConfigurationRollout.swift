import OpsModel
import OpsRuntime
import OpsSystem

/// Changes one configuration file and brings its users onto the new version, one process after another.
///
/// Setting a value is idempotent, so after a crash the rollout goes forward. If a user does not come up, the file goes back
/// and whoever was restarted is restarted again.
struct ConfigurationRollout: Sendable {
    let target: Target
    let processes: ProcessSteps

    func store(_ name: String) throws(ActionError) -> ConfigurationStore {
        guard let file = target.configurations.first(where: { $0.name == name }) else {
            throw ActionError(.notPermitted, "this topology has no configuration file \(name)")
        }
        return ConfigurationStore(file: file)
    }

    /// What a rollout may change beside the file: every process that reads it, also one that is down just now.
    ///
    /// They do not depend on how the world is, for they are locked before it is read again. A process has no value that
    /// one could name beforehand.
    func claims(_ name: String) -> [SharedResource: String?] {
        let programs = target.users(of: name).flatMap(\.instances).map(\.program)
        return Dictionary(programs.map { (.process($0), nil) }) { first, _ in first }
    }

    /// The step that writes the file, then stop, start and wait for each of its running users.
    func steps(_ name: String, from old: String, to new: String) async throws(ActionError) -> [ActionStep] {
        let write = ActionStep(
            "write",
            name,
            before: ["from": .string(old), "to": .string(new)],
            isResumable: true
        )
        var steps = [write]
        for instance in target.users(of: name).flatMap(\.instances) {
            let status = try await processes.control.status(of: instance.program)
            // One that does not run reads the new version whenever it is started.
            guard status.isRunning else { continue }
            steps += processes.replacing(instance, status, isResumable: true) + processes.awaiting(instance)
        }
        return steps
    }

    func write(_ step: ActionStep, _ new: EnvironmentFile, author: String) throws(ActionError) {
        let store = try store(step.subject)
        guard try store.read().hash == step.from else {
            throw ActionError(.factsDrifted, "\(step.subject) was changed in the meantime")
        }
        guard new.hash == step.to else {
            throw ActionError(.factsDrifted, "\(step.subject) would not become what was planned")
        }
        try store.replace(expecting: step.from, with: new, author: author)
    }

    func state(of step: ActionStep, in intent: Intent) async throws(ActionError) -> StepState {
        guard step.name == "write" else { return try await processes.state(of: step, in: intent) }
        switch try store(step.subject).read().hash {
        case step.to: return .after
        case step.from: return .before
        default: return .other("\(step.subject) was changed by somebody else")
        }
    }

    /// Puts the old version back and restarts again whoever has read the new one.
    func takeBack(_ intent: Intent, author: String) async throws(ActionError) {
        for step in intent.steps where step.name == "write" {
            let store = try store(step.subject)
            guard try await state(of: step, in: intent) != .before else { continue }
            guard let old = try store.version(withHash: step.from) else {
                throw ActionError(.effectFailed, "the version before is not in the history of \(step.subject)")
            }
            try store.replace(expecting: step.to, with: old, author: author)
        }
        for step in intent.steps where step.name == "stop" {
            guard try await processes.state(of: step, in: intent) == .after else { continue }
            try await processes.control.stop(step.subject)
            try await processes.control.start(step.subject)
        }
        for step in intent.steps where step.name == "await-ready" {
            _ = await processes.readiness.isReady(step.before.stringValue ?? "", within: processes.patience)
        }
    }
}

extension ActionStep {
    /// The version that a step replaces.
    var from: String { before["from"]?.stringValue ?? "" }
    /// The version that a step leaves.
    var to: String { before["to"]?.stringValue ?? "" }

    /// Says what a step leaves, which a plan with a secret that is yet to be made cannot know.
    mutating func setDestination(_ to: String) { before = ["from": .string(from), "to": .string(to)] }
}
