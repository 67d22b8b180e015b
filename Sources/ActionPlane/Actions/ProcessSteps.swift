import OpsModel
import OpsSystem

/// Stop, start and wait, as steps that three actions share.
///
/// Stopping happens only to the very process that was planned for; that a process is new is read off its start time, which
/// must be later than the intent.
struct ProcessSteps: Sendable {
    let control: any ProcessControl
    let readiness: any Readiness
    /// How long a process may take until it serves.
    var patience: Duration = .seconds(10)

    /// The steps that replace one process; one that does not run is only started.
    func replacing(
        _ instance: Target.ProcessInstance,
        _ status: ProgramStatus,
        isResumable: Bool
    ) -> [ActionStep] {
        let start = ActionStep("start", instance.program, before: status.fact, isResumable: true)
        guard status.isRunning else { return [start] }
        return [ActionStep("stop", instance.program, before: status.fact, isResumable: isResumable), start]
    }

    /// The step that waits until a process serves; none for one that answers nowhere.
    func awaiting(_ instance: Target.ProcessInstance) -> [ActionStep] {
        instance.url.map { [ActionStep("await-ready", instance.program, before: .string($0), isCheck: true)] } ?? []
    }

    func perform(_ step: ActionStep) async throws(ActionError) {
        switch step.name {
        case "stop": try await stop(step)
        case "start": try await control.start(step.subject)
        default: _ = await readiness.isReady(step.before.stringValue ?? "", within: patience)
        }
    }

    func state(of step: ActionStep, in intent: Intent) async throws(ActionError) -> StepState {
        switch step.name {
        case "stop": return try await control.stopState(of: step)
        case "start": return try await startState(step, intent)
        default:
            return await readiness.isReady(step.before.stringValue ?? "", within: .seconds(1)) ? .after : .before
        }
    }

    /// Whether an identity is of a process that began after the intent was written.
    static func isNewer(_ identity: ProcessIdentity, than intent: Intent) -> Bool {
        guard identity.bootID == intent.bootID else { return true }
        let ticksPerSecond: UInt64 = 100
        // The kernel rounds a start time down to its tick.
        return (identity.startTicks + 1) * (1_000_000_000 / ticksPerSecond) >= intent.bootNanoseconds
    }

    private func stop(_ step: ActionStep) async throws(ActionError) {
        let live = try await control.status(of: step.subject)
        guard let identity = live.identity else { return }
        guard identity == step.identity else {
            throw ActionError(.factsDrifted, "another process runs as \(step.subject) by now")
        }
        try await control.stop(step.subject)
    }

    private func startState(_ step: ActionStep, _ intent: Intent) async throws(ActionError) -> StepState {
        let live = try await control.status(of: step.subject)
        guard let identity = live.identity else { return .before }
        if identity == step.identity { return .before }
        return Self.isNewer(identity, than: intent) ? .after : .other("a process runs that began before this action")
    }
}

extension ProcessControl {
    /// Whether the process that a stop was planned for still runs under its name.
    func stopState(of step: ActionStep) async throws(ActionError) -> StepState {
        guard let planned = step.identity else { return .after }
        return try await status(of: step.subject).identity == planned ? .before : .after
    }
}

extension ProgramStatus {
    /// What is compared: the state's word, which process it is, and that it is held still: one that goes on by itself needs nothing.
    var fact: JSONValue {
        var members: [String: JSONValue] = ["state": .string(state)]
        if let identity {
            members["pid"] = .int(Int(identity.pid))
            members["start_ticks"] = .int(Int(clamping: identity.startTicks))
            members["boot_id"] = .string(identity.bootID)
            if isPaused { members["is_paused"] = true }
        }
        return .object(members)
    }
}

extension ActionStep {
    /// The process that the step was planned for; nil when none ran.
    var identity: ProcessIdentity? {
        guard let pid = before["pid"]?.intValue, let ticks = before["start_ticks"]?.intValue,
            let boot = before["boot_id"]?.stringValue
        else { return nil }
        return ProcessIdentity(pid: Int32(truncatingIfNeeded: pid), startTicks: UInt64(ticks), bootID: boot)
    }
}
