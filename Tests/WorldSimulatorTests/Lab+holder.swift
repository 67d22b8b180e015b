import OpsModel

@testable import ChaosServer

struct Holder: Sendable {
    var pid: Int
    var fault: Int
    /// The server that started it.
    var parent: Int
    var since: UInt64
    var machine = HolderStateMachine()
    var next = HolderStateMachine.Action.wait
    /// The fence that it was told to go with.
    var told: Int?
    var silence = Silence()
    /// The guard that it speaks with.
    var guardPID: Int?
    var lastListen = 0
    var lockUntil: UInt64?
    var isAnnounced = false
    var isReleased = false
    var stillSince: UInt64?
    /// Its own undo, which is a part of it.
    var undo: Int?
}

/// The holders, as `HoldProgram`, `Lookout` and `Keeper` do.
extension Lab {
    func holder(of fault: Int) -> Int? { holders.lastIndex { $0.fault == fault } }

    func stepHolder(_ index: Int) -> Bool {
        let holder = holders[index]
        guard isRunning(holder.pid) else { return false }
        switch holder.next {
        case .wait: return awaitOrder(index)
        case .takeLock: return takeLock(index)
        case .check:
            let isBlind = mutant == .effectBeforeItsLine
            let record = isBlind ? FaultStateMachine(reading: [.intended, .armed(fence: 1)]) : fault(holder).record
            hear(.checked(isLatched: isBlind ? false : latch != nil || isDoomed(holder), fault: record), index)
        case .apply: apply(index)
        case .confirm: hear(.confirmed(isLatched: latch != nil), index)
        case .record: record(index)
        case .hold: return keep(index)
        case .undo: return undo(index)
        case .leave: leave(holder)
        }
        return true
    }

    private func fault(_ holder: Holder) -> FaultOnDisk { faults[holder.fault] }

    private func hear(_ event: HolderStateMachine.Event, _ index: Int) {
        let action = holders[index].machine.handle(event)
        coverage?.add("holder", "\(event)", "\(action)")
        holders[index].next = action
        tell("the holder of \(fault(holders[index]).id) goes on to \(action)")
    }

    private func isDoomed(_ holder: Holder) -> Bool {
        let isOver =
            mutant == .leaseOnTheWallClock
            ? wall.secondsSinceEpoch >= fault(holder).wallDeadline : now >= fault(holder).deadline
        return isOver || !isAlive(holder.parent)
    }

    /// Two seconds of a server held still, ten of waiting, or its end: there will be no word to go.
    private func awaitOrder(_ index: Int) -> Bool {
        let holder = holders[index]
        guard holder.machine.state == .waiting else { return false }
        let isStill = lives[holder.parent] == .stopped
        let since = holder.stillSince ?? now
        holders[index].stillSince = isStill ? since : nil
        if let fence = holder.told {
            hear(.told(fence: fence), index)
        } else if !isAlive(holder.parent) || now > holder.since + 10 * Lab.second
            || isStill && now > since + Silence.limit
        {
            hear(.doomed, index)
        } else {
            return false
        }
        return true
    }

    private func takeLock(_ index: Int) -> Bool {
        let resource = fault(holders[index]).resource
        let until = holders[index].lockUntil ?? now + 2 * Lab.second
        holders[index].lockUntil = until
        if resources[resource].lock == nil {
            resources[resource].lock = Owner(pid: holders[index].pid)
            hear(.locked(true), index)
        } else if now >= until {
            hear(.locked(false), index)
        } else {
            return false
        }
        return true
    }

    // MARK: The effect

    private func apply(_ index: Int) {
        let holder = holders[index]
        let resource = resources[fault(holder).resource]
        let isReachable = !(isTargetAway && resource.kind.needsTarget)
        guard resource.value == fault(holder).before, isReachable, !hazard(10) else {
            return hear(.applied(false), index)
        }
        bringAbout(holder)
        hear(.applied(true), index)
    }

    private func bringAbout(_ holder: Holder) {
        let fault = fault(holder)
        if fault.record.armedFence == nil { broke("an effect came without a line that announces it") }
        if hasCleanKill { broke("an effect came after the kill switch had answered clean") }
        if fault.record.verdict != nil { broke("an effect came after its record was closed") }
        faults[holder.fault].repairsBefore = resources[fault.resource].repairs
        resources[fault.resource].before = fault.before
        resources[fault.resource].value = fault.ours
        resources[fault.resource].author = .fault(holder.fault)
        refresh(holder)
        tell("\(fault.id): the \(resources[fault.resource].kind) is \(fault.ours)")
    }

    /// What is held lasts as long as the lease at most, or three seconds from now, whoever may be alive.
    private func refresh(_ holder: Holder) {
        let resource = fault(holder).resource
        guard resources[resource].kind.isHeld else { return }
        resources[resource].keeper = holder.pid
        let left = fault(holder).deadline > now ? fault(holder).deadline - now : 0
        resources[resource].endsAt = elapsed + (resources[resource].kind == .rule ? 3 * Lab.second : left)
    }

    private func record(_ index: Int) {
        let holder = holders[index]
        let isRecorded =
            write(.applied, of: holder.fault, by: .holder, orLatch: true)
            && write(.verified, of: holder.fault, by: .holder, orLatch: true)
        let resource = fault(holder).resource
        if resources[resource].lock == Owner(pid: holder.pid) { resources[resource].lock = nil }
        if !isRecorded { _ = holders[index].machine.handle(.doomed) }
        hear(.recorded, index)
    }

    // MARK: Keeping it

    private func keep(_ index: Int) -> Bool {
        holders[index].isAnnounced = true
        let holder = holders[index]
        speak(holder.pid)
        callGuard(index)
        for (peer, pid) in [(Peer.server, holder.parent), (.guardian, holders[index].guardPID ?? holder.parent)]
        where words[pid] > holder.lastListen && (peer == .server || holders[index].guardPID != nil) {
            holders[index].silence.hear(peer, at: now)
        }
        holders[index].lastListen = lastWord
        let isQuiet = !holders[index].silence.look(at: now).isEmpty
        if isQuiet || isDoomed(holder) {
            hear(.doomed, index)
            return true
        }
        look(index)
        return true
    }

    private func callGuard(_ index: Int) {
        if let pid = holders[index].guardPID, isAlive(pid) { return }
        holders[index].guardPID = nil
        holders[index].silence.expect(.guardian, at: now)
        guard let pid = guardian?.pid, isAlive(pid) else { return }
        let holder = holders[index]
        guardian?.inbox.append(.hello(.holder(fault(holder).id), holder.pid))
        holders[index].guardPID = pid
    }

    private func look(_ index: Int) {
        let holder = holders[index]
        let fault = fault(holder)
        let resource = resources[fault.resource]
        if resource.value == fault.ours { return refresh(holder) }
        guard !holder.isReleased else { return }
        if fault.isCondition, resource.value == fault.before, resource.author == .baseline {
            return reassert(holder)
        }
        guard resource.kind.isHeld else { return }
        holders[index].isReleased = true
        _ = write(.released, of: holder.fault, by: .holder)
        tell("the holder of \(fault.id) sees that it was released")
    }

    /// Under the same rules as the first time.
    private func reassert(_ holder: Holder) {
        let fault = fault(holder)
        let record = fault.record
        guard resources[fault.resource].lock == nil, latch == nil,
            record.mayApply(fence: record.armedFence ?? 0),
            !(isTargetAway && resources[fault.resource].kind.needsTarget)
        else { return }
        tell("the holder of \(fault.id) brings it about again")
        bringAbout(holder)
    }

    private func leave(_ holder: Holder) {
        tell("the holder of \(fault(holder).id) leaves")
        end(holder.pid)
        let resource = resources[fault(holder).resource]
        guard resource.author == .fault(holder.fault), !resource.kind.isHeld else { return }
        if lives[holder.parent] == .stopped, !isRunning(guardian?.pid) { broke("a holder left its fault to nobody") }
    }

    private func undo(_ index: Int) -> Bool {
        let holder = holders[index]
        if holder.undo == nil {
            let resource = fault(holder).resource
            if resources[resource].lock == Owner(pid: holder.pid) { resources[resource].lock = nil }
            if resources[resource].keeper == holder.pid {
                resources[resource].endsAt = elapsed
                pass(0)
            }
            let cause: EndCause =
                latch != nil ? .kill : now >= fault(holder).deadline ? .lease : holder.isAnnounced ? .holder : .refused
            holders[index].undo = startUndo(of: holder.fault, cause, in: holder.pid)
            return true
        }
        guard let undo = undos.first(where: { $0.number == holder.undo }), undo.verdict != nil else { return false }
        holders[index].undo = nil
        hear(.undone(mayLeave: undo.isOver || !isAlive(holder.parent)), index)
        return true
    }
}
