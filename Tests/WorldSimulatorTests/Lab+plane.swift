import OpsModel
import OpsRuntime

@testable import ActionPlane

/// ActionPlane, as `ActionExecutor` and `ActionRun` do.
extension Lab {
    func startPlane() {
        plane.pid = spawn()
        plane.workers = []
        plane.resuming = nil
        plane.ledger = ActionLedger(plane.lines)
        plane.recovering = plane.ledger.open.map(\.consumption.run).sorted()
        tell("ActionPlane starts; \(plane.recovering.count) runs lie open")
    }

    func append(_ entry: JournalEntry) -> Bool {
        if let isThere = failingWrite {
            failingWrite = nil
            tell("the disk fails under a line of ActionPlane's, which is \(isThere ? "" : "not ")there")
            if isThere { plane.lines.append(entry) }
            // A dead journal takes nothing more: the service is started anew.
            end(plane.pid)
            return false
        }
        plane.lines.append(entry)
        plane.ledger.apply(entry)
        return true
    }

    // MARK: Requests

    /// Before recovery is over nobody listens.
    func deliver(_ index: Int) -> Bool {
        guard isRunning(plane.pid), plane.recovering.isEmpty, plane.resuming == nil,
            plane.requests.indices.contains(index)
        else { return false }
        let request = plane.requests.remove(at: index)
        guard let grant = gate.grants[request.grant] else { return true }
        let identity = RequestIdentity(principal: "gate", key: request.key, digest: request.grant)
        do {
            if let run = try plane.ledger.answer(to: identity) { return replay(run, request.key) }
            try plane.ledger.checkClock(wall)
            guard wall < grant.expiresAt else { return refuse(request.key, "the grant has expired") }
            return try admit(request, grant, identity)
        } catch {
            return refuse(request.key, "\(error.code)")
        }
    }

    private func replay(_ run: String, _ key: String) -> Bool {
        coverage?.add("ledger", "request", "replay")
        let stored = plane.ledger.runs[run]?.result
        send(key, stored ?? ActionResult(run: run, action: "repair", state: .running, message: "", startedAt: wall))
        return true
    }

    private func refuse(_ key: String, _ why: String) -> Bool {
        coverage?.add("ledger", "request", why)
        tell("ActionPlane refuses \(key): \(why)")
        send(key, ActionResult(run: "", action: "repair", state: .refused, message: why, startedAt: wall))
        return true
    }

    func send(_ key: String, _ result: ActionResult) { plane.answers.append(Answer(key: key, result: result)) }

    private func admit(
        _ request: Request,
        _ grant: SignedGrant,
        _ identity: RequestIdentity
    ) throws(ActionError) -> Bool {
        guard plane.workers.count < 2, !isDiskFull else { return refuse(request.key, "no room") }
        _ = try plane.ledger.admit(identity, grants: [grant.id])
        plane.count += 1
        let consumption = Consumption(
            run: "act-\(plane.count)",
            grants: [grant.id],
            request: identity,
            action: "repair",
            parameters: [:],
            decision: Self.decision,
            expiresAt: grant.expiresAt,
            at: wall
        )
        coverage?.add("ledger", "request", "fresh")
        tell("ActionPlane takes \(request.key) as \(consumption.run)")
        let kind = resources[grant.resource].kind
        let canCompensate = kind == .role || kind == .file
        var worker = Plane.Worker(
            number: plane.count,
            key: request.key,
            grant: grant,
            consumption: consumption,
            machine: ActionStateMachine(canCompensate: canCompensate, order: order)
        )
        if order.first == .consume {
            guard append(.consumed(consumption)) else { return true }
            worker.machine.succeeded()
        }
        plane.workers.append(worker)
        return true
    }

    private static let decision = Decision(
        incident: "inc-1",
        agentRun: "run-1",
        step: "1",
        target: "db",
        kind: "human",
        signers: ["ann"]
    )

    private var order: [ActionStateMachine.Stage] {
        switch mutant {
        case .grantConsumedLate: [.lock, .epoch(isHeld: true), .facts, .intent, .effect, .consume, .postcheck]
        case .epochNotHeld: [.consume, .lock, .epoch(isHeld: false), .facts, .intent, .effect, .postcheck]
        default: ActionStateMachine.order
        }
    }

    // MARK: One run

    func stepWorker(_ index: Int) -> Bool {
        guard isRunning(plane.pid), plane.workers.indices.contains(index) else { return false }
        let worker = plane.workers[index]
        let instruction = worker.machine.instruction
        switch instruction {
        case .enter(let stage): return enter(stage, index)
        case .perform(let step): perform(step, index)
        case .compensate:
            let isBack = compensate(index)
            report(isBack ? nil : .unclear, index)
        case .finish(let outcome): finish(outcome, index)
        }
        return true
    }

    /// Tells the machine how its instruction went.
    func report(_ failure: ActionStateMachine.Failure?, _ index: Int) {
        guard plane.workers.indices.contains(index) else { return }
        let instruction = plane.workers[index].machine.instruction
        if let failure {
            plane.workers[index].machine.failed(failure)
        } else {
            plane.workers[index].machine.succeeded()
        }
        let next = plane.workers[index].machine.instruction
        coverage?.add("run", "\(instruction) \(failure.map { "\($0)" } ?? "done")", "\(next)")
        tell("\(plane.workers[index].consumption.run): \(instruction) \(failure == nil ? "done" : "failed")")
    }

    private func enter(_ stage: ActionStateMachine.Stage, _ index: Int) -> Bool {
        let worker = plane.workers[index]
        switch stage {
        case .consume: report(append(.consumed(worker.consumption)) ? nil : .unclear, index)
        case .lock: return lock(index)
        case .epoch(let isHeld):
            let mayGoOn = !isDatabaseAway && !gate.isFrozen && gate.epoch == worker.grant.epoch
            if mayGoOn, isHeld { plane.epochHolds.append(Owner(pid: plane.pid, part: worker.number)) }
            report(mayGoOn ? nil : .unclear, index)
        case .facts: compareFacts(index)
        case .intent: writeIntent(index)
        case .effect: report(nil, index)
        case .postcheck: report(hazard(6) ? .unclear : nil, index)
        }
        return true
    }

    private func lock(_ index: Int) -> Bool {
        let worker = plane.workers[index]
        let until = worker.until ?? now + 5 * Lab.second
        plane.workers[index].until = until
        if resources[worker.grant.resource].lock == nil {
            let owner = Owner(pid: plane.pid, part: worker.number)
            resources[worker.grant.resource].lock = owner
            plane.workers[index].owner = owner
            report(nil, index)
        } else if now >= until {
            report(.unclear, index)
        } else {
            return false
        }
        return true
    }

    private func compareFacts(_ index: Int) {
        let worker = plane.workers[index]
        let resource = resources[worker.grant.resource]
        let isReadable = !(isTargetAway && resource.kind.needsTarget)
        guard isReadable, resource.value == worker.grant.fingerprint,
            (try? plane.ledger.checkEpoch(gate.epoch)) != nil
        else { return report(.unclear, index) }
        let after: String =
            switch worker.grant.wish {
            case .keep: resource.value
            case .mend:
                switch resource.kind {
                case .process: "up-\(resource.count + 1)"
                case .session, .rule: "absent"
                default: "mended by \(worker.consumption.run)"
                }
            }
        plane.workers[index].values = .init(before: resource.value, after: after)
        plane.workers[index].machine.planned(steps: steps(resource.kind, worker.grant.wish).count)
        report(nil, index)
    }

    private func steps(_ kind: ResourceKind, _ wish: SignedGrant.Wish) -> [ActionStep] {
        if wish == .keep { return [] }
        return kind == .process
            ? [ActionStep("stop", "it"), ActionStep("start", "it", isResumable: true)] : [ActionStep("set", "it")]
    }

    private func writeIntent(_ index: Int) {
        let worker = plane.workers[index]
        guard let values = worker.values else { return report(.unclear, index) }
        let kind = resources[worker.grant.resource].kind
        let intent = Intent(
            run: worker.consumption.run,
            action: "repair",
            version: 1,
            parameters: [:],
            facts: [:],
            fingerprint: worker.grant.fingerprint,
            steps: steps(kind, worker.grant.wish),
            resources: [.init(name: resources[worker.grant.resource].shared, fingerprint: values.after)],
            epoch: worker.grant.epoch,
            bootID: "boot-\(boot)",
            bootNanoseconds: now,
            at: wall
        )
        plane.workers[index].intent = intent
        plane.values[intent.run] = values
        guard append(.intent(intent)) else { return report(.unclear, index) }
        let owner = Owner(pid: plane.pid, part: worker.number)
        let isHeld = plane.epochHolds.contains(owner)
        plane.epochHolds.removeAll { $0 == owner }
        guard !isDatabaseAway, isHeld || mutant == .epochNotHeld else { return report(.unclear, index) }
        if gate.epoch != worker.grant.epoch { broke("an intent was committed under an older epoch") }
        claim(.intended, intent, worker.grant.resource)
        report(nil, index)
    }

    func claim(_ state: Claim.State, _ intent: Intent, _ resource: Int) {
        resources[resource].claim = Claim(
            resource: resources[resource].shared,
            generation: (resources[resource].claim?.generation ?? 0) + 1,
            actionID: intent.run,
            state: state,
            fingerprint: plane.values[intent.run]?.after,
            at: wall
        )
    }
}
