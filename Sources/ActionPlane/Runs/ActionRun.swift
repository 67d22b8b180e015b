import OpsModel
import OpsRuntime
import OpsService
import OpsSystem
import OpsTrust

/// One run of one action: does what the state machine says, in the world.
final class ActionRun {
    let executor: ActionExecutor
    let action: any RemediationAction
    let grant: AuthorisedGrant
    let consumption: Consumption
    private var machine: ActionStateMachine
    private var locks: [FileLock] = []
    private var hold: (any EpochHold)?
    private var prepared: PreparedAction?
    private var intent: Intent?
    private var detail: [String: JSONValue] = [:]
    private var failure: ActionError?

    /// A run whose grant has just been consumed.
    init(
        executor: ActionExecutor,
        action: any RemediationAction,
        grant: AuthorisedGrant,
        consumption: Consumption
    ) {
        self.executor = executor
        self.action = action
        self.grant = grant
        self.consumption = consumption
        machine = ActionStateMachine(canCompensate: action.description.isReversible)
        machine.succeeded()
    }

    /// Goes through all stages to an end, whatever happens on the way.
    func carryOut() async -> ActionResult {
        while true {
            switch machine.instruction {
            case .finish(let outcome): return await finish(outcome)
            case .enter(let stage): await attempt { () async throws(ActionError) in try await self.enter(stage) }
            case .perform(let index): await perform(index)
            case .compensate(let index):
                await attempt { () async throws(ActionError) in
                    guard let intent = self.intent else { return }
                    try await self.action.compensate(intent, through: index)
                }
            }
        }
    }

    private func attempt(_ body: () async throws(ActionError) -> Void) async {
        do throws(ActionError) {
            try await body()
            machine.succeeded()
        } catch {
            note(error)
            machine.failed(.unclear)
        }
    }

    private func note(_ error: ActionError) {
        // The first thing that went wrong explains the rest.
        if failure == nil { failure = error } else { detail["then"] = .string(error.description) }
    }

    private func enter(_ stage: ActionStateMachine.Stage) async throws(ActionError) {
        switch stage {
        case .consume, .effect: break
        case .lock: try await lock()
        case .epoch: hold = try await executor.epochs.hold(grant.origin)
        case .facts: try await compareFacts()
        case .intent: try await writeIntent()
        case .postcheck: try await postcheck()
        }
    }

    private func lock() async throws(ActionError) {
        // What has to be locked follows from the plan; the plan that counts is made again under the lock.
        let first = try await action.prepare(grant.payload.parameters)
        do {
            locks = try await executor.shared.lock(Array(first.claims.keys), within: executor.lockPatience)
        } catch {
            throw ActionError(.resourceBusy, "something else is changing \(action.name)'s target: \(error)")
        }
    }

    private func compareFacts() async throws(ActionError) {
        if let hold { try executor.journal.ledger.checkEpoch(hold.epoch) }
        let prepared = try await action.prepare(grant.payload.parameters)
        self.prepared = prepared
        guard prepared.plan.resources.first.map({ $0 == grant.payload.target }) ?? true else {
            throw ActionError(.parametersDiffer, "the grant is for another target than these parameters name")
        }
        guard prepared.plan.fingerprint == grant.payload.stateFingerprint else {
            throw ActionError(
                .factsDrifted,
                "the target is not as it was when this was approved, so the grant is void",
                hint: "plan again and ask for a new grant"
            )
        }
        guard prepared.plan.refusals.isEmpty else {
            throw ActionError(.notPermitted, prepared.plan.refusals.joined(separator: "; "))
        }
        machine.planned(steps: prepared.steps.count)
    }

    private func writeIntent() async throws(ActionError) {
        guard let prepared, let hold else { throw ActionError(.effectFailed, "there is no plan to commit") }
        let staged = try await action.stage(prepared, run: consumption.run)
        let intent = Intent(
            run: consumption.run,
            action: action.name,
            version: action.description.version,
            parameters: consumption.parameters,
            facts: staged.plan.facts,
            fingerprint: staged.plan.fingerprint,
            steps: staged.steps,
            resources: staged.claims.sorted { $0.key < $1.key }.map { .init(name: $0.key, fingerprint: $0.value) },
            epoch: hold.epoch,
            bootID: BootClock.bootID,
            bootNanoseconds: BootClock.now(),
            at: executor.now()
        )
        self.intent = intent
        try executor.journal.append(.intent(intent))
        try await hold.commit(intent, of: .init(consumption: consumption, intent: intent))
        self.hold = nil
        try executor.claim(.intended, intent)
    }

    private func perform(_ index: Int) async {
        guard let intent, let step = intent.steps[safely: index] else { return machine.failed(.untouched) }
        var thrown: ActionError?
        do throws(ActionError) {
            try executor.journal.append(.begun(.init(run: intent.run, index: index, at: executor.now())))
            try await action.perform(step, of: intent)
        } catch {
            thrown = error
        }
        // What the world shows decides, not what the call answered: an answer can get lost on the way.
        switch await readBack(step, intent) {
        case .after: machine.succeeded()
        case .before:
            note(thrown ?? ActionError(.effectFailed, "\(step.name) \(step.subject) had no effect"))
            machine.failed(.untouched)
        case .other(let found):
            note(thrown ?? ActionError(.effectFailed, "after \(step.name) \(step.subject): \(found)"))
            detail["found"] = .string(found)
            machine.failed(.unclear)
        }
    }

    private func readBack(_ step: ActionStep, _ intent: Intent) async -> StepState {
        do throws(ActionError) { return try await action.state(of: step, in: intent) } catch {
            return .other(error.description)
        }
    }

    private func postcheck() async throws(ActionError) {
        guard let intent else { return }
        detail["postcheck"] = .object(try await action.postcheck(intent))
    }

    private func finish(_ outcome: Outcome) async -> ActionResult {
        await hold?.abandon()
        if let intent { executor.settle(intent, outcome) }
        for lock in locks { lock.release() }
        let result = ActionResult(
            run: consumption.run,
            action: action.name,
            parameters: consumption.parameters,
            state: outcome.state,
            message: message(outcome),
            plan: prepared?.plan,
            detail: .object(failure.map { detail.merging(["code": .string($0.code.rawValue)]) { $1 } } ?? detail),
            startedAt: consumption.at,
            endedAt: executor.now()
        )
        let isWritten = await executor.conclude(result, consumption)
        if let intent, isWritten, outcome != .unknown { await executor.cleanUp(action, intent) }
        return result
    }

    private func message(_ outcome: Outcome) -> String {
        switch outcome {
        case .done: intent?.steps.isEmpty == true ? "the target already was as wished" : "done and read back"
        case .notDone(let isCompensated):
            (isCompensated ? "taken back: " : "nothing was changed: ") + (failure?.message ?? "")
        case .unknown: "a person has to look: " + (failure?.message ?? "")
        }
    }
}

extension Array {
    fileprivate subscript(safely index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
