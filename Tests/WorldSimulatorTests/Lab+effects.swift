import OpsModel
import OpsRuntime

@testable import ActionPlane

/// The steps of an action in the world, their ends, and what a start makes of what a crash left.
extension Lab {
    /// The line, the effect and the look at it are three moments: a crash may come between any two.
    func perform(_ step: Int, _ index: Int) {
        let worker = plane.workers[index]
        guard let intent = worker.intent, let values = worker.values else { return finishStep(.untouched, index) }
        switch worker.step {
        case .before:
            guard append(.begun(.init(run: intent.run, index: step, at: wall))) else { return }
            plane.workers[index].step = .begun
        case .begun:
            if !hazard(8) { act(step, of: intent, values, worker.grant) }
            plane.workers[index].step = .acted
        case .acted:
            switch state(of: step, in: intent, values, worker.grant.resource) {
            case .after: finishStep(nil, index)
            case .before: finishStep(.untouched, index)
            case .other: finishStep(.unclear, index)
            }
        }
    }

    private func finishStep(_ failure: ActionStateMachine.Failure?, _ index: Int) {
        plane.workers[index].step = .before
        report(failure, index)
    }

    /// One conditional effect: it changes only what is as it was planned.
    private func act(_ step: Int, of intent: Intent, _ values: Plane.Values, _ grant: SignedGrant) {
        let resource = resources[grant.resource]
        if isTargetAway, resource.kind.needsTarget { return }
        let isStop = intent.steps[step].name == "stop"
        let expected = intent.steps.count == 2 && step == 1 ? "stopped" : values.before
        guard resource.value == expected else { return }
        count(intent, step, grant)
        let run = intent.run
        resources[grant.resource].value = isStop ? "stopped" : values.after
        resources[grant.resource].author = .repair(run)
        resources[grant.resource].repairs += 1
        resources[grant.resource].keeper = nil
        resources[grant.resource].endsAt = .max
        if resource.kind == .process, !isStop { resources[grant.resource].count += 1 }
        tell("\(run): the \(resource.kind) is \(resources[grant.resource].value)")
    }

    private func count(_ intent: Intent, _ step: Int, _ grant: SignedGrant) {
        let run = plane.ledger.runs[intent.run]
        if run == nil { broke("an effect came for a grant that was not used up") }
        if run?.intent == nil || run?.begun != step {
            broke("an action's effect came without a line that announces it")
        }
        let name = "\(grant.id) step \(step)"
        plane.effects[name, default: 0] += 1
        if plane.effects[name, default: 0] > 1 { broke("one grant had an effect twice") }
    }

    func state(of step: Int, in intent: Intent, _ values: Plane.Values, _ resource: Int) -> StepState {
        let value = resources[resource].value
        if isTargetAway, resources[resource].kind.needsTarget { return .other("it cannot be read") }
        if intent.steps.count == 1 {
            return value == values.after ? .after : value == values.before ? .before : .other(value)
        }
        switch value {
        case values.after: return .after
        case "stopped": return step == 0 ? .after : .before
        case values.before: return .before
        default: return .other(value)
        }
    }

    func compensate(_ index: Int) -> Bool {
        let worker = plane.workers[index]
        let resource = worker.grant.resource
        guard let values = worker.values, !hazard(4), !(isTargetAway && resources[resource].kind.needsTarget) else {
            return false
        }
        if resources[resource].value == values.after {
            resources[resource].value = values.before
            resources[resource].author = author(of: values.before, resource)
        }
        tell("\(worker.consumption.run): taken back")
        return resources[resource].value == values.before
    }

    /// Whoever had given it this value before.
    private func author(of value: String, _ resource: Int) -> Author {
        if let fault = faults.firstIndex(where: { $0.resource == resource && $0.ours == value }) {
            return .fault(fault)
        }
        return value.hasPrefix("mended") ? .repair(value) : .baseline
    }

    // MARK: Ends

    func finish(_ outcome: Outcome, _ index: Int) {
        let worker = plane.workers.remove(at: index)
        let owner = Owner(pid: plane.pid, part: worker.number)
        plane.epochHolds.removeAll { $0 == owner }
        if let intent = worker.intent { settle(intent, outcome, worker.grant.resource) }
        if resources[worker.grant.resource].lock == owner { resources[worker.grant.resource].lock = nil }
        conclude(worker.consumption, outcome)
    }

    private func settle(_ intent: Intent, _ outcome: Outcome, _ resource: Int) {
        switch outcome {
        case .done:
            claim(.done, intent, resource)
            // From now on the value is meant, whoever gave it first.
            if plane.values[intent.run]?.after == resources[resource].value {
                resources[resource].author = .repair(intent.run)
                resources[resource].repairs += 1
            }
        case .notDone: claim(.abandoned, intent, resource)
        case .unknown: break
        }
    }

    private func conclude(_ consumption: Consumption, _ outcome: Outcome) {
        let result = ActionResult(
            run: consumption.run,
            action: "repair",
            state: outcome.state,
            message: "",
            startedAt: consumption.at
        )
        guard append(.ended(.init(run: consumption.run, result: result, at: wall))) else { return }
        plane.ends[consumption.request.key] = outcome.state
        tell("\(consumption.run) ends: \(outcome.state)")
        send(consumption.request.key, result)
    }

    // MARK: After a crash

    /// One open run after the other, before anybody may ask for a new one.
    func recover() -> Bool {
        guard isRunning(plane.pid) else { return false }
        if let resuming = plane.resuming { return resume(resuming) }
        guard let name = plane.recovering.first else { return false }
        plane.recovering.removeFirst()
        guard let run = plane.ledger.runs[name] else { return true }
        guard let intent = run.intent, let values = plane.values[name], let grant = grant(of: run) else {
            conclude(run.consumption, .notDone(isCompensated: false))
            return true
        }
        let states = intent.steps.indices.map { state(of: $0, in: intent, values, grant.resource) }
        let isFree = resources[grant.resource].lock == nil
        let decision = isFree ? Recovery.decide(states: states, steps: intent.steps) : .unknown
        coverage?.add("recovery", "decide", "\(decision)")
        tell("ActionPlane finds \(name) open: \(decision)")
        switch decision {
        case .notDone: endRecovered(run, intent, grant, .notDone(isCompensated: false))
        case .doneRecovered: endRecovered(run, intent, grant, .done(isRecovered: true))
        case .unknown: endRecovered(run, intent, grant, .unknown)
        case .resume(let steps):
            resources[grant.resource].lock = Owner(pid: plane.pid)
            plane.resuming = (name, steps, steps.upperBound == intent.steps.count)
        }
        return true
    }

    private func grant(of run: ActionLedger.Run) -> SignedGrant? {
        run.consumption.grants.first.flatMap { gate.grants[$0] }
    }

    private func resume(_ resuming: (run: String, steps: Range<Int>, isLast: Bool)) -> Bool {
        guard let run = plane.ledger.runs[resuming.run], let intent = run.intent, let grant = grant(of: run),
            let values = plane.values[resuming.run]
        else { return false }
        guard let step = resuming.steps.first else {
            plane.resuming = nil
            resources[grant.resource].lock = nil
            endRecovered(run, intent, grant, resuming.isLast ? .done(isRecovered: true) : .unknown)
            return true
        }
        guard append(.begun(.init(run: intent.run, index: step, at: wall))) else { return true }
        act(step, of: intent, values, grant)
        let isAfter = state(of: step, in: intent, values, grant.resource) == .after
        plane.resuming?.steps =
            isAfter ? step + 1..<resuming.steps.upperBound : resuming.steps.upperBound..<resuming.steps.upperBound
        if !isAfter { plane.resuming?.isLast = false }
        return true
    }

    private func endRecovered(_ run: ActionLedger.Run, _ intent: Intent, _ grant: SignedGrant, _ outcome: Outcome) {
        settle(intent, outcome, grant.resource)
        conclude(run.consumption, outcome)
    }
}
