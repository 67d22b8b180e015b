import OpsService

/// Who may move now, and what a move does.
extension Lab {
    /// Everybody who could do something, in an order that depends on nothing but the world.
    var actors: [Actor] {
        var actors: [Actor] = [.supervisor, .server, .serverWatch, .guardian]
        for index in holders.indices where isRunning(holders[index].pid) { actors.append(.holder(index)) }
        for index in undos.indices where undos[index].verdict == nil && isRunning(undos[index].pid) {
            actors.append(.undo(index))
        }
        for index in presses.indices where isRunning(presses[index].pid) { actors.append(.kill(index)) }
        actors += plane.workers.indices.map { .worker($0) }
        if !plane.recovering.isEmpty || plane.resuming != nil { actors.append(.recovery) }
        actors += plane.requests.indices.map { .request($0) }
        actors += plane.answers.indices.map { .answer($0) }
        actors += [.gateWorker, .ticker]
        return isCalm ? actors : actors + [.agent, .person, .pager]
    }

    /// Makes a move; false when it leads to nothing now.
    ///
    /// Whoever is in the middle of something makes one step, so that anything may come after it; the others make up to four.
    func make(_ move: Move) -> Bool {
        chance = SeededGenerator(seed: move.seed)
        switch move.kind {
        case .step(let actor):
            let most = actor.isInTheMiddle ? 1 : 1 + draw(4)
            var steps = 0
            while steps < most, violation == nil, step(actor) { steps += 1 }
            return steps > 0
        case .strike(let disturbance): return strike(disturbance)
        case .wait:
            let lengths: [UInt64] = [5, 20, 100, 250, 500, 900, 1_500, 4_000]
            if !plane.requests.isEmpty || !plane.answers.isEmpty { coverage?.strike("delay") }
            pass(lengths[draw(lengths.count)] * Lab.millisecond)
            return true
        }
    }

    func step(_ actor: Actor) -> Bool {
        switch actor {
        case .supervisor: return supervise()
        case .server: return stepServer()
        case .serverWatch: return turn(.server)
        case .guardian: return turn(.guardian)
        case .holder(let index): return holders.indices.contains(index) && stepHolder(index)
        case .undo(let index): return undos.indices.contains(index) && stepUndo(index)
        case .kill(let index): return presses.indices.contains(index) && stepKill(index)
        case .worker(let index): return stepWorker(index)
        case .recovery: return recover()
        case .request(let index):
            if index > 0 { coverage?.strike("reorder") }
            return deliver(index)
        case .answer(let index): return deliverAnswer(index)
        case .gateWorker: return stepGateWorker()
        case .ticker: return tick()
        case .agent: return stepAgent()
        case .person: return stepPerson()
        case .pager: return page()
        }
    }

    /// Starts one service that is down.
    private func supervise() -> Bool {
        if !isCalm, draw(3) > 0 { return false }
        if !isAlive(server?.pid) {
            startServer()
        } else if !isAlive(plane.pid) {
            startPlane()
        } else if !isAlive(gate.pid) {
            startGate()
        } else if gate.agent == nil || !isAlive(gate.agent), !isCalm {
            gate.agent = spawn()
            gate.holdsClaim = false
        } else {
            return false
        }
        return true
    }
}
