import OpsModel

@testable import ControlPlane

/// The gate's process: the worker with its outbox, and the ticker.
extension Lab {
    func startGate() {
        gate.pid = spawn()
        gate.errand = nil
        gate.listening = nil
        tell("the gate starts")
    }

    /// Whether a transaction of the gate's comes through.
    var canCommit: Bool { isRunning(gate.pid) && !isDatabaseAway }

    func machine(_ record: IncidentRecord) -> IncidentStateMachine { IncidentStateMachine(record: record, now: wall) }

    func recordIndex(_ incident: String) -> Int? { gate.records.firstIndex { $0.incident.id == incident } }

    /// Commits what the machine decided, and holds it against the promises.
    func commit(_ change: IncidentChange, _ event: String) {
        guard let index = recordIndex(change.record.incident.id) else { return }
        coverage?.add("gate", event, change.record.incident.state.rawValue)
        tell("gate: \(event); \(change.record.incident.id) is \(change.record.incident.state.rawValue)")
        if gate.records[index].isFinal, !change.commands.isEmpty { broke("an incident that is over ordered something") }
        gate.records[index] = change.record
        gate.outbox += change.commands
        for command in change.commands {
            let grounds = change.record.approvals.map(\.approval).filter { $0.proposal == command.proposal }
            guard grounds.count == 1, let ground = grounds.first, ground.state == .approved,
                ground.decidedBy.count == 1, ground.decidedBy.first != ground.requester
            else { return broke("a command was ordered without exactly one yes of somebody else") }
        }
    }

    // MARK: The worker

    func stepGateWorker() -> Bool {
        guard canCommit else { return false }
        guard let errand = gate.errand else { return gate.outbox.first.map { take($0) } ?? false }
        if errand.isCommitted {
            gate.outbox.removeAll { $0.id == errand.command.id }
            gate.errand = nil
            return true
        }
        guard now >= errand.until else { return false }
        tell("the gate gave up waiting for \(errand.command.id), and asks again")
        gate.errand = nil
        return true
    }

    private func take(_ command: OutboxCommand) -> Bool {
        guard let index = recordIndex(command.incident) else { return false }
        let standing = machine(gate.records[index]).standing(of: command)
        coverage?.add("gate", "command", "\(standing)")
        if let change = machine(gate.records[index]).sending(command) {
            let grant = gate.grants[command.grant]
            if let grant, grant.epoch < gate.epoch { broke("a command went out under an older epoch") }
            commit(change, "sending")
        }
        switch machine(gate.records[index]).standing(of: command) {
        case .early: return false
        case .due:
            plane.requests.append(Request(key: command.id, grant: command.grant))
            gate.errand = .init(command: command, until: now + 3 * Lab.second)
            tell("the gate sends \(command.id)")
        case .ended, .void: gate.outbox.removeAll { $0.id == command.id }
        }
        return true
    }

    func deliverAnswer(_ index: Int) -> Bool {
        guard plane.answers.indices.contains(index) else { return false }
        guard let errand = gate.errand, errand.command.id == plane.answers[index].key, !errand.isCommitted else {
            // Nobody waits for it any more.
            plane.answers.remove(at: index)
            return true
        }
        guard canCommit, let record = recordIndex(errand.command.incident) else { return false }
        let answer = plane.answers.remove(at: index)
        guard answer.result.state != .running else {
            gate.errand = nil
            return true
        }
        let change = machine(gate.records[record]).stepEnded(
            answer.result,
            proposal: errand.command.proposal,
            step: errand.command.step,
            windowS: 1
        )
        if let change { commit(change, "step ended \(answer.result.state.rawValue)") }
        gate.errand?.isCommitted = true
        return true
    }

    // MARK: The ticker

    func tick() -> Bool {
        guard isRunning(gate.pid) else { return false }
        var listening = gate.listening ?? Listening(from: wall)
        if mutant != .agentsBlamed { listening.look(at: wall) }
        defer { gate.listening = listening }
        guard !isDatabaseAway else {
            listening.wasDeaf(at: wall)
            return true
        }
        for record in gate.records where !record.isFinal {
            if let change = machine(record).released(listeningSince: listening.since) { release(change) }
            guard let index = recordIndex(record.incident.id) else { continue }
            if let change = machine(gate.records[index]).ticked() { commit(change, "ticked") }
            verify(index)
        }
        return true
    }

    /// An agent that could not be heard was not silent.
    private func release(_ change: IncidentChange) {
        let silent = elapsed - gate.heardAt.elapsed - (gate.deaf - gate.heardAt.deaf)
        if silent < Lab.second { broke("an agent lost its claim that could not be heard") }
        commit(change, "released")
    }

    private func verify(_ index: Int) {
        guard let verification = gate.records[index].verification, wall >= verification.since + verification.windowS
        else { return }
        let isWell = resources.allSatisfy { if case .fault = $0.author { false } else { true } }
        guard isWell || wall >= verification.deadline else { return }
        if let change = machine(gate.records[index]).verified(isWell) { commit(change, "verified \(isWell)") }
    }
}
