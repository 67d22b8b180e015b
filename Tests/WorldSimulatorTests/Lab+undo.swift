import OpsRuntime

@testable import ChaosServer

/// One undo: a process of its own, or a part of a holder.
struct UndoProcess: Sendable {
    var number: Int
    var pid: Int
    var fault: Int
    var isInHolder: Bool
    var machine: UndoStateMachine
    /// Nil before it has read the record.
    var next: UndoStateMachine.Action?
    /// The holder as the record named it when that was read.
    var holder: Int?
    var until: UInt64?
    var hasTriedLog = false
    var hasLog = false
    var isRecorded = true
    /// The record as it was read under the lock.
    var record = FaultStateMachine()
    var verdict: UndoVerdict?
    /// What the mutant with two steps has seen.
    var seen: String?

    /// Whether nobody has to come back to it.
    var isOver: Bool { verdict?.isFinal == true && isRecorded }
    var owner: Owner { Owner(pid: pid, part: isInHolder ? 1 : 0) }
    /// The kill switch waits half a second for others, everybody else two seconds.
    var patience: UInt64 { machine.cause == .kill ? Lab.second / 2 : 2 * Lab.second }
}

/// The undos, as `Undo.run` does.
extension Lab {
    /// Gives the process's number, or the undo's own where it is a part of a holder.
    @discardableResult
    func startUndo(of fault: Int, _ cause: EndCause, in holder: Int? = nil) -> Int {
        let pid = holder ?? spawn()
        let machine = UndoStateMachine(cause: cause)
        undos.append(
            UndoProcess(number: undos.count, pid: pid, fault: fault, isInHolder: holder != nil, machine: machine)
        )
        return holder == nil ? pid : undos.count - 1
    }

    func stepUndo(_ index: Int) -> Bool {
        let undo = undos[index]
        guard undo.verdict == nil, isRunning(undo.pid) else { return false }
        switch undo.next {
        case nil:
            undos[index].holder = faults[undo.fault].holder
            hear(.begin(faults[undo.fault].record), index)
        case .endHolder:
            if let writer = faults[undo.fault].undoWriter, writer != undo.pid, lives[writer] == .stopped { end(writer) }
            if !undo.isInHolder { end(undo.holder) }
            hear(.holderGone(true), index)
        case .takeLock: return takeLock(index)
        case .raiseFence: return raiseFence(index)
        case .compare: compare(index)
        case .record(let step):
            note(step, index)
            hear(.recorded, index)
        case .finish: return false
        }
        return true
    }

    private func hear(_ event: UndoStateMachine.Event, _ index: Int) {
        let action = undos[index].machine.handle(event)
        coverage?.add("undo", "\(event)", "\(action)")
        undos[index].next = action
        undos[index].until = nil
        let undo = undos[index]
        tell("undo \(undo.number) of \(faults[undo.fault].id) goes on to \(action)")
        guard case .finish(let verdict) = action else { return }
        undos[index].verdict = verdict
        let resource = faults[undo.fault].resource
        if resources[resource].lock == undo.owner { resources[resource].lock = nil }
        if undo.isInHolder {
            if faults[undo.fault].undoWriter == undo.pid { faults[undo.fault].undoWriter = nil }
        } else {
            end(undo.pid)
        }
    }

    private func note(_ step: FaultStep, _ index: Int) {
        let undo = undos[index]
        if !undo.hasLog || !write(step, of: undo.fault, by: .undo) { undos[index].isRecorded = false }
    }

    private func takeLock(_ index: Int) -> Bool {
        let undo = undos[index]
        let resource = faults[undo.fault].resource
        if mutant == .twoStepCompare {
            hear(.locked(true), index)
            return true
        }
        let until = undo.until ?? now + undo.patience
        undos[index].until = until
        if resources[resource].lock == nil {
            resources[resource].lock = undo.owner
            hear(.locked(true), index)
        } else if now >= until {
            hear(.locked(false), index)
        } else {
            return false
        }
        return true
    }

    /// Another undo that writes the log is waited for; the world does not wait longer than that for a record.
    private func raiseFence(_ index: Int) -> Bool {
        let undo = undos[index]
        let record = faults[undo.fault].record
        if record.isOpen, !undo.hasTriedLog {
            let until = undo.until ?? now + undo.patience
            undos[index].until = until
            if faults[undo.fault].undoWriter == nil {
                faults[undo.fault].undoWriter = undo.pid
                // Whoever opens a log again begins behind what is whole in it.
                faults[undo.fault].deadLogs.remove(.undo)
                undos[index].hasLog = true
            } else if now < until {
                return false
            }
            undos[index].hasTriedLog = true
        }
        if record.isOpen {
            undos[index].record = record
            note(.closing(fence: record.nextFence, cause: undo.machine.cause), index)
        }
        // Who was armed after the record was first read has its name in it now.
        if !undo.isInHolder { end(faults[undo.fault].holder) }
        hear(.raised(record), index)
        return true
    }

    private func compare(_ index: Int) {
        let undo = undos[index]
        let fault = faults[undo.fault]
        let resource = resources[fault.resource]
        if mutant == .twoStepCompare, undo.seen == nil {
            undos[index].seen = resource.value
            return
        }
        let live = isTargetAway && resource.kind.needsTarget ? nil : undo.seen ?? resource.value
        let decision = CompareAndRevert(
            before: Fingerprint(rawValue: fault.before),
            ours: Fingerprint(rawValue: fault.ours)
        ).decide(
            live: live.map { Fingerprint(rawValue: $0) },
            claim: resource.claim,
            isAlone: resource.lock == undo.owner || mutant == .twoStepCompare
        )
        coverage?.add("compare", live == nil ? "unread" : "read", "\(decision)")
        let isNaive = mutant == .naiveUndo && live != nil
        let outcome: EffectOutcome =
            switch decision {
            case .restore: .reverted
            case .leaveClean: .alreadyClean
            case .leaveSuperseded(let seen): .superseded(seen: seen)
            case .retry: .pending(waitsFor: "the target")
            }
        if decision == .restore || isNaive { restore(fault) }
        hear(.compared(UndoVerdict(of: [undo.record.settled(outcome, isHeld: resource.kind.isHeld)])), index)
    }

    private func restore(_ fault: FaultOnDisk) {
        let old = resources[fault.resource]
        if old.isRepaired, old.value != fault.ours || old.claim?.owns(live: old.value) == true {
            broke("a repair was overwritten by an undo")
        }
        tell("\(fault.id): the \(old.kind) is put back")
        resources[fault.resource].count += old.kind == .process ? 1 : 0
        let count = resources[fault.resource].count
        resources[fault.resource].value = old.kind == .process ? "up-\(count)" : fault.before
        resources[fault.resource].author = .baseline
        resources[fault.resource].keeper = nil
        resources[fault.resource].endsAt = .max
    }
}
