import OpsModel

@testable import ActionPlane

/// Every way in which one grant, three requests for it, two crashes, a kill switch and a foreign lock holder can interleave,
/// over the service's real state machine, ledger and recovery rule.
struct ActionModel: Hashable {
    /// One request that is being worked on.
    struct Worker: Hashable {
        var request: Int
        var machine: ActionStateMachine
    }

    enum LockHolder: Hashable {
        case nobody, foreigner
        case worker(Int)
    }

    /// All three present the same grant; the last repeats the first one's key.
    static let keys = ["key-1", "key-2", "key-1"]
    static let grant = "grant"
    static let steps = [
        ActionStep("stop", "it"),
        ActionStep("start", "it", isResumable: true),
    ]

    let order: [ActionStateMachine.Stage]
    var ledger = ActionLedger()
    var waiting: Set<Int> = [0, 1, 2]
    var workers: [Worker?] = [nil, nil]
    var lock = LockHolder.foreigner
    var epoch = 0
    var epochHolders: Set<Int> = []
    /// Whether the world shows each step.
    var world = [false, false]
    var effects = [0, 0]
    var crashes = 0
    var isDown = false
    var wasReset = false
    var violation: String?

    init(order: [ActionStateMachine.Stage] = ActionStateMachine.order) { self.order = order }

    /// Every state that one more event leads to, with the event's name.
    var successors: [(event: String, state: ActionModel)] {
        if isDown { return [("restart", restarted())] + environment() }
        var next = environment() + requests()
        for index in workers.indices { next += steps(of: index) }
        if crashes < 2 { next.append(("crash", crashed())) }
        return next
    }

    /// Nothing is under way and nothing more will be asked.
    var isAtRest: Bool { !isDown && waiting.isEmpty && workers.allSatisfy { $0 == nil } }

    private func changed(_ body: (inout ActionModel) -> Void) -> ActionModel {
        var copy = self
        body(&copy)
        return copy
    }

    private func environment() -> [(event: String, state: ActionModel)] {
        var next: [(event: String, state: ActionModel)] = []
        if lock == .foreigner { next.append(("foreign lock released", changed { $0.lock = .nobody })) }
        if epoch == 0, epochHolders.isEmpty { next.append(("kill switch", changed { $0.epoch = 1 })) }
        if !wasReset, world != [false, false] {
            let reset = changed {
                $0.world = [false, false]
                $0.wasReset = true
            }
            next.append(("the world falls back to its old state", reset))
        }
        return next
    }

    private func requests() -> [(event: String, state: ActionModel)] {
        guard let free = workers.firstIndex(of: nil) else { return [] }
        return waiting.sorted().map { request in
            let state = changed {
                $0.waiting.remove(request)
                $0.workers[free] = Worker(
                    request: request,
                    machine: ActionStateMachine(canCompensate: false, order: order)
                )
            }
            return ("request \(request) arrives", state)
        }
    }

    private func crashed() -> ActionModel {
        changed {
            $0.crashes += 1
            $0.isDown = true
            $0.workers = [nil, nil]
            $0.epochHolders = []
            if $0.lock != .foreigner { $0.lock = .nobody }
        }
    }
}

// MARK: one worker's step

extension ActionModel {
    fileprivate func steps(of index: Int) -> [(event: String, state: ActionModel)] {
        guard let worker = workers[index] else { return [] }
        let who = "worker \(index)"
        switch worker.machine.instruction {
        case .enter(let stage): return enter(stage, index).map { ("\(who): \(stage)", $0) }
        case .perform(let step):
            return [
                ("\(who): effect of step \(step)", performed(step, index)),
                ("\(who): step \(step) has no effect", failed(index)),
            ]
        case .compensate: return [("\(who): compensate", succeeded(index))]
        case .finish(let outcome): return [("\(who): finish \(outcome)", finished(outcome, index))]
        }
    }

    private func succeeded(_ index: Int, _ body: (inout ActionModel) -> Void = { _ in }) -> ActionModel {
        changed {
            body(&$0)
            $0.workers[index]?.machine.succeeded()
        }
    }

    private func failed(_ index: Int) -> ActionModel { changed { $0.workers[index]?.machine.failed(.untouched) } }

    private func enter(_ stage: ActionStateMachine.Stage, _ index: Int) -> [ActionModel] {
        switch stage {
        case .consume: return [consume(index)]
        case .lock: return lock == .nobody ? [succeeded(index) { $0.lock = .worker(index) }] : []
        case .epoch(let isHeld):
            guard epoch == 0 else { return [failed(index)] }
            return [succeeded(index) { if isHeld { $0.epochHolders.insert(index) } }]
        case .facts:
            guard world == [false, false] else { return [failed(index)] }
            return [succeeded(index) { $0.workers[index]?.machine.planned(steps: Self.steps.count) }]
        case .intent: return [commit(index)]
        case .effect, .postcheck: return [succeeded(index)]
        }
    }

    private func consume(_ index: Int) -> ActionModel {
        let consumption = consumption(index)
        // A refusal ends the request; nothing of it is left.
        guard let admission = try? ledger.admit(consumption.request, grants: consumption.grants), admission == .fresh
        else { return released(index) }
        return succeeded(index) { $0.ledger.apply(.consumed(consumption)) }
    }

    private func commit(_ index: Int) -> ActionModel {
        succeeded(index) {
            $0.ledger.apply(.intent(intent(index)))
            $0.epochHolders.remove(index)
            if $0.epoch != 0 { $0.violation = "an intent was committed under an epoch that had been raised" }
        }
    }

    private func performed(_ step: Int, _ index: Int) -> ActionModel {
        succeeded(index) { $0.effect(step) }
    }

    fileprivate mutating func effect(_ step: Int) {
        effects[step] += 1
        world[step] = true
        if effects[step] > 1 { violation = "step \(step) happened twice for one grant" }
    }

    private func finished(_ outcome: Outcome, _ index: Int) -> ActionModel {
        released(index).changed { $0.end(run(index), outcome) }
    }

    private func released(_ index: Int) -> ActionModel {
        changed {
            $0.workers[index] = nil
            $0.epochHolders.remove(index)
            if $0.lock == .worker(index) { $0.lock = .nobody }
        }
    }
}

// MARK: what stands in the journal

extension ActionModel {
    private static let moment = Timestamp(microseconds: 0)

    private func run(_ index: Int) -> String { "run of request \(workers[index]?.request ?? -1)" }

    private func consumption(_ index: Int) -> Consumption {
        Consumption(
            run: run(index),
            grants: [Self.grant],
            request: .init(principal: "gate", key: Self.keys[workers[index]?.request ?? 0], digest: "same"),
            action: "restart",
            parameters: [:],
            decision: .example,
            expiresAt: Self.moment,
            at: Self.moment
        )
    }

    private func intent(_ index: Int) -> Intent {
        Intent(
            run: run(index),
            action: "restart",
            version: 1,
            parameters: [:],
            facts: [:],
            fingerprint: "",
            steps: Self.steps,
            resources: [],
            epoch: 0,
            bootID: "",
            bootNanoseconds: 0,
            at: Self.moment
        )
    }

    fileprivate mutating func end(_ run: String, _ outcome: Outcome) {
        let result = ActionResult(
            run: run,
            action: "restart",
            state: outcome.state,
            message: "",
            startedAt: Self.moment
        )
        ledger.apply(.ended(.init(run: run, result: result, at: Self.moment)))
    }

    /// The real rule over the modelled world, for every run that the crash left open.
    fileprivate func restarted() -> ActionModel {
        changed { model in
            model.isDown = false
            for open in model.ledger.open {
                let states = open.intent.map { _ in model.world.map { $0 ? StepState.after : .before } }
                model.settle(open.consumption.run, Recovery.decide(states: states, steps: Self.steps))
            }
        }
    }

    private mutating func settle(_ run: String, _ decision: Recovery) {
        switch decision {
        case .notDone: end(run, .notDone(isCompensated: false))
        case .doneRecovered: end(run, .done(isRecovered: true))
        case .unknown: end(run, .unknown)
        case .resume(let steps):
            for step in steps { effect(step) }
            end(run, steps.upperBound == Self.steps.count ? .done(isRecovered: true) : .unknown)
        }
    }
}
