import OpsModel
import OpsSystem

/// Everything on disk about one fault, read from all the logs about it.
struct FaultFile: Hashable, Sendable {
    var id: String
    var lines: [JournalLine]

    init(id: String, lines: [JournalLine]) {
        self.id = id
        self.lines = lines.sorted { $0.at.wall < $1.at.wall }
    }

    var machine: FaultStateMachine { FaultStateMachine(reading: self.lines.map(\.step)) }
    var plan: FaultPlan? { self.lines.lazy.compactMap(\.plan).first }
    var holder: ProcessIdentity? { self.lines.lazy.compactMap(\.holder).last }
    var bootID: String { self.lines.first { $0.plan != nil }?.at.bootID ?? self.lines.first?.at.bootID ?? "" }

    /// The fault in the words of the wire; nil when the disk never got as far as the intent.
    func record(now: UInt64 = BootClock.now()) -> FaultRecord? {
        guard let plan else { return nil }
        let machine = self.machine
        let last = self.lines.last { $0.outcomes != nil }
        var record = FaultRecord(
            id: self.id,
            fault: plan.kind.rawValue,
            persistence: plan.persistence,
            state: machine.state,
            target: plan.target,
            instance: plan.instance,
            with: plan.with,
            requested: plan.requested,
            leaseS: plan.leaseS,
            requestedAt: plan.requestedAt
        )
        record.run = plan.run
        record.marks = plan.effects.map(\.change.reversible.mark)
        record.achieved = self.lines.lazy.compactMap(\.achieved).last
        record.appliedAt = self.wall { $0 == .applied }
        record.effect = machine.effect
        record.effectAt = self.lines.lazy.compactMap(\.effectAt).first
        record.endCause = machine.cause?.rawValue
        record.outcome = EffectReport.counts(last?.outcomes ?? [])
        record.reason = last?.outcomes?.lazy.compactMap(\.detail).first ?? self.lines.lazy.compactMap(\.note).last
        if machine.isOpen {
            let isThisBoot = self.bootID == BootClock.bootID
            record.leaseLeftS = isThisBoot ? max(0, BootClock.seconds(from: now, to: plan.deadline)) : 0
        } else {
            record.endedAt = self.wall { if case .closed = $0 { true } else { false } }
        }
        return record
    }

    private func wall(_ matches: (FaultStep) -> Bool) -> Timestamp? {
        self.lines.first { matches($0.step) }?.at.wall
    }
}
