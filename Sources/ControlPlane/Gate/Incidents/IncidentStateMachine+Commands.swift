import OpsModel

/// Whether a command of the outbox may still go out; decided under the row's lock, right before it does.
extension IncidentStateMachine {
    enum CommandStanding: Equatable, Sendable {
        /// Hand it on; again, if it was handed on before and its end is not known.
        case due
        /// It may still be taken back: look again later.
        case early
        /// Its end is known already.
        case ended
        /// It was withheld.
        case void
    }

    func standing(of command: OutboxCommand) -> CommandStanding {
        if let execution = record.execution, execution.proposal == command.proposal, execution.step == command.step {
            return execution.sentAt == nil && now < execution.notBefore ?? now ? .early : .due
        }
        let steps = record.proposalIndex(command.proposal).map { record.proposals[$0].outcome.steps.count } ?? 0
        return steps > command.step ? .ended : .void
    }

    /// Notes that the present step goes out now; nil when it went out before, or may not.
    func sending(_ command: OutboxCommand) -> IncidentChange? {
        guard standing(of: command) == .due, record.execution?.sentAt == nil else { return nil }
        var change = IncidentChange(record)
        change.record.execution?.sentAt = now
        return change
    }
}
