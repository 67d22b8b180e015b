import OpsModel

@testable import ControlPlane

/// The worker with its outbox, and ActionPlane behind it; the gate may crash between any two of its steps.
extension GateModel {
    var workerSteps: [Step] {
        guard let errand else { return outbox.first.map { [take($0)] } ?? [] }
        var steps: [Step] = []
        if left.crashes > 0 {
            steps.append(
                changed("the gate crashes") {
                    $0.left.crashes -= 1
                    $0.errand = nil
                }
            )
        }
        guard let result = errand.result else { return steps + act(errand.command) }
        return steps + [errand.isCommitted ? finish(errand) : conclude(errand, result)]
    }

    /// The look before a command goes out, as the worker does it.
    private func take(_ command: OutboxCommand) -> Step {
        changed("the worker looks at \(command.id)") { world in
            if mutant != .sendsWithoutLooking {
                if let change = world.machine.sending(command) { world.commit(change) }
                if world.machine.standing(of: command) == .early { return }
                guard world.machine.standing(of: command) == .due else {
                    world.outbox.removeAll { $0.id == command.id }
                    return
                }
            }
            let isFirst = self.record.execution?.sentAt == nil
            if isFirst, self.record.isFinal { world.violation = "\(command.id) went out after the incident's end" }
            if isFirst, (Int(command.grant) ?? 0) < world.epoch {
                world.violation = "\(command.id) went out after the agents' stop"
            }
            if isFirst, !world.isPaused, world.voided.contains(command.proposal) {
                world.violation = "\(command.id) went out although its agent had been paused"
            }
            if isFirst, world.revoked.contains(command.proposal) {
                world.violation = "\(command.id) went out after its approval was taken back"
            }
            world.errand = Errand(command: command)
        }
    }

    private func act(_ command: OutboxCommand) -> [Step] {
        if let known = runs[command.id] {
            let ends: [ActionState] = known == .running ? [.running, .done, .notDone, .unknown] : [known]
            return ends.map { answer(command, $0, "\(command.id) is \($0.rawValue)") }
        }
        guard Int(command.grant) == epoch, !voided.contains(command.proposal) else {
            return [answer(command, .refused, "\(command.id) is refused")]
        }
        return [ActionState.done, .notDone, .unknown, .running].map { end in
            let step = answer(command, end, "\(command.id) begins and is \(end.rawValue)")
            var world = step.world
            world.effects[command.id, default: 0] += 1
            return (step.event, world)
        }
    }

    /// The answer may get lost on its way with the gate: then ActionPlane knows it, and the gate has to ask again.
    private func answer(_ command: OutboxCommand, _ state: ActionState, _ event: String) -> Step {
        changed(event) {
            $0.runs[command.id] = state
            $0.errand?.result = state
        }
    }

    private func conclude(_ errand: Errand, _ state: ActionState) -> Step {
        changed("the end of \(errand.command.id) is committed: \(state.rawValue)") {
            if state == .running, mutant != .takesRunningForAnEnd {
                $0.errand = nil
                return
            }
            let end = state == .running ? ActionState.notDone : state
            let change = $0.machine.stepEnded(
                IncidentStory.result(end),
                proposal: errand.command.proposal,
                step: errand.command.step,
                windowS: 15
            )
            if let change { $0.commit(change) }
            $0.errand?.isCommitted = true
        }
    }

    private func finish(_ errand: Errand) -> Step {
        changed("\(errand.command.id) leaves the outbox") {
            $0.outbox.removeAll { $0.id == errand.command.id }
            $0.errand = nil
        }
    }
}
