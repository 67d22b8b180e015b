import OpsModel

@testable import ChaosServer

/// Guard and server watch, as `Watch.turn` does.
extension Lab {
    subscript(seat: Seat) -> Watcher {
        get { (seat == .server ? server?.watch : guardian?.watch) ?? Watcher() }
        set { if seat == .server { server?.watch = newValue } else { guardian?.watch = newValue } }
    }

    func promise(_ fault: Int, _ seat: Seat) {
        let file = faults[fault]
        let isThisBoot = file.boot == boot
        self[seat].deadlines.append((file.id, isThisBoot ? file.deadline : 0, isThisBoot ? file.wallDeadline : 0))
        tell(.promised(file.id), seat)
        guard let holder = file.holder else { return }
        if isAlive(holder) {
            self[seat].add(.holder(file.id), holder, listening: false, at: now)
        } else {
            tell(.ended(.holder(file.id)), seat)
        }
    }

    /// One turn of a tenth of a second at most.
    func turn(_ seat: Seat) -> Bool {
        let pid = seat == .server ? server?.pid : guardian?.pid
        guard let pid, isRunning(pid), seat == .guardian || server?.isSweeping == false else { return false }
        speak(pid)
        if seat == .guardian { answerCallers() }
        if seat == .server { startGuardIfMissing() }
        for peer in self[seat].listening {
            guard let other = self[seat].pid(peer), words[other] > self[seat].lastListen else { continue }
            self[seat].silence.hear(peer, at: now)
        }
        self[seat].lastListen = lastWord
        for (peer, other) in self[seat].processes where !isAlive(other) {
            self[seat].remove(peer)
            tell(.ended(peer), seat)
        }
        noticeSilence(seat)
        noticeTime(seat)
        if latch != nil, !self[seat].isLatched { tell(.latched, seat) }
        self[seat].isLatched = latch != nil
        reap(seat)
        return true
    }

    private func noticeSilence(_ seat: Seat) {
        let quiet = self[seat].silence.look(at: now)
        for peer in quiet.sorted(by: { "\($0)" < "\($1)" }) { tell(.silent(peer), seat) }
    }

    private func noticeTime(_ seat: Seat) {
        let isOnWall = mutant == .leaseOnTheWallClock
        for item in self[seat].deadlines where isOnWall ? wall.secondsSinceEpoch >= item.wall : now >= item.at {
            self[seat].deadlines.removeAll { $0.fault == item.fault }
            tell(.leaseOver(item.fault), seat)
        }
        let due = self[seat].later.filter { $0.at <= now }
        self[seat].later.removeAll { $0.at <= now }
        for item in due { startUndo(item.fault, item.cause, seat) }
    }

    private func reap(_ seat: Seat) {
        for (fault, pid) in self[seat].undos {
            guard isAlive(pid) else {
                self[seat].undos.removeAll { $0.pid == pid }
                finish(fault, isFinal: undos.first { $0.pid == pid }?.isOver ?? false, seat)
                continue
            }
            guard lives[pid] == .stopped else {
                self[seat].stillSince[pid] = nil
                continue
            }
            let since = self[seat].stillSince[pid] ?? now
            self[seat].stillSince[pid] = since
            if now > since + Silence.limit { end(pid) }
        }
    }

    private func finish(_ fault: String, isFinal: Bool, _ seat: Seat) {
        if isFinal {
            self[seat].deadlines.removeAll { $0.fault == fault }
            self[seat].remove(.holder(fault))
        }
        tell(.undone(fault, isFinal: isFinal), seat)
    }

    /// Tells the watcher's state machine and carries out what it says.
    func tell(_ event: WatchStateMachine.Event, _ seat: Seat) {
        if seat == .server, mutant == .noServerDuty { return }
        var machine = self[seat].machine
        let actions = machine.handle(event)
        self[seat].machine = machine
        coverage?.add("watch", "\(event)", actions.first.map { "\($0)" } ?? "nothing")
        if !actions.isEmpty { tell("\(seat) hears \(event)") }
        for action in actions { carryOut(action, seat) }
    }

    private func carryOut(_ action: WatchStateMachine.Action, _ seat: Seat) {
        switch action {
        case .kill(let peer):
            guard let pid = self[seat].pid(peer) else { return }
            if isRunning(pid), elapsed - spoke[pid] < Silence.limit, spoke[pid] > 0 {
                broke("somebody was ended as silent who had just spoken")
            }
            end(pid)
        case .undo(let fault, let cause): startUndo(fault, cause, seat)
        case .undoLater(let fault, let cause, let attempt):
            let at = now + WatchStateMachine.pause(beforeAttempt: attempt)
            self[seat].later.append(.init(fault: fault, cause: cause, at: at))
        case .replaceGuard: server?.guardRetry = 0
        }
    }

    private func startUndo(_ fault: String, _ cause: EndCause, _ seat: Seat) {
        self[seat].undos.append((fault, startUndo(of: index(fault), cause)))
    }

    // MARK: The guard's callers

    private func answerCallers() {
        let letters = guardian?.inbox ?? []
        guardian?.inbox = []
        for letter in letters {
            switch letter {
            case .hello(let peer, let pid): guardian?.watch.add(peer, pid, listening: true, at: now)
            case .arm(let fault):
                guard faults[fault].record.canBeArmed(fence: InjectionStateMachine.fence) else { continue }
                tell("the guard reads \(faults[fault].id) back and promises")
                promise(fault, .guardian)
                guardian?.promised.append(fault)
            }
        }
    }

    // MARK: The server's guard

    private func startGuardIfMissing() {
        guard let server, now >= server.guardRetry, server.watch.pid(.guardian) == nil else { return }
        end(guardian?.pid)
        if hazard(8) {
            tell("the guard cannot be started")
            for fault in server.watch.machine.open { tell(.asked(fault), .server) }
            self.server?.guardRetry = now + Lab.second
            return
        }
        let pid = spawn()
        guardian = Guardian(pid: pid)
        guardian?.watch.add(.server, server.pid, listening: true, at: now)
        self.server?.watch.add(.guardian, pid, listening: true, at: now)
        self.server?.guardSince = now
        tell("the server starts a guard")
        for fault in server.watch.machine.open { arm(index(fault)) }
    }

    /// A new guard promises what it can, and the rest ends.
    func arm(_ fault: Int) {
        if faults[fault].record.canBeArmed(fence: InjectionStateMachine.fence), isRunning(guardian?.pid) {
            promise(fault, .guardian)
        } else {
            tell(.asked(faults[fault].id), .server)
        }
    }
}
