@testable import ChaosServer

/// One possible next step of the world.
struct Step: Sendable {
    var label: String
    var world: World
    /// Whether a process of ours did it, so that waiting long enough makes it happen.
    var isProgress = true
}

/// All steps that are possible in a world, each carried out by the real state machines.
struct Steps {
    let budget: Budget
    let mutant: Mutant?
    private(set) var found: [Step] = []

    /// How much may go wrong.
    struct Budget: Sendable {
        var strikes: Int
        var hasKill: Bool
        var hasAgent: Bool
        var canStop = true
    }

    init(from world: World, _ budget: Budget, _ mutant: Mutant?) {
        self.budget = budget
        self.mutant = mutant
        if world.isOver { return }
        self.inject(world)
        self.hold(world)
        self.watch(world, as: .server)
        self.watch(world, as: .guardian)
        self.restart(world)
        self.undo(world)
        self.kill(world)
        self.repair(world)
        self.strike(world)
    }

    private mutating func add(_ label: String, _ world: World, isProgress: Bool = true, _ change: (inout World) -> Void)
    {
        var next = world
        change(&next)
        self.found.append(Step(label: label, world: next, isProgress: isProgress))
    }

    // MARK: The server begins a fault

    private mutating func inject(_ world: World) {
        guard world.isRunning(.server) else { return }
        guard let action = world.injectionNext else {
            guard world.injection.state == .idle else { return }
            self.add("server reads the latch", world) {
                $0.injectionNext = $0.injection.handle(.begin(isLatched: $0.isLatched))
            }
            return
        }
        switch action {
        case .askForPlan:
            self.add("server starts the holder", world) {
                $0.holderLife = .running
                $0.injectionNext = $0.injection.handle(.planned)
            }
        case .write(let step):
            self.add("server writes \(step)", world) {
                $0.journal.read(step)
                if step != .intended { _ = $0.serverWatch.handle(.promised(World.fault)) }
                $0.injectionNext = $0.injection.handle(.written)
            }
        case .askGuard: self.askGuard(world)
        case .tellHolder:
            self.add("server tells the holder to go", world) {
                $0.wasTold = true
                $0.injectionNext = $0.injection.handle(.told)
            }
        case .awaitEffect: self.awaitEffect(world)
        case .refuse:
            self.add("server lets the holder go", world) {
                $0.end(.holder(World.fault))
                $0.injectionNext = .watch
            }
        case .undo:
            guard world.hasRoom else { return }
            self.add("server starts an undo of what was refused", world) {
                $0.start(.refused, by: nil)
                $0.injectionNext = .watch
            }
        case .watch: break
        }
    }

    private mutating func askGuard(_ world: World) {
        let fence = InjectionStateMachine.fence
        if world.isRunning(.guardian), world.journal.canBeArmed(fence: fence) {
            self.add("guard reads the record back and promises", world) {
                _ = $0.guardWatch.handle(.promised(World.fault))
                $0.injectionNext = $0.injection.handle(.acknowledged)
            }
        } else {
            self.add("guard does not promise in time", world) { $0.injectionNext = $0.injection.handle(.failed) }
        }
    }

    private mutating func awaitEffect(_ world: World) {
        if world.holder.state == .holding {
            self.add("server hears that the effect is there", world) {
                $0.injectionNext = $0.injection.handle(.applied)
            }
        } else if world.holderLife == .dead || world.holderLife == .stopped {
            self.add("server hears nothing from the holder", world) { $0.injectionNext = $0.injection.handle(.failed) }
        }
    }

    // MARK: The holder

    private mutating func hold(_ world: World) {
        guard world.holderLife == .running else { return }
        let isDoomed = !world.isRunning(.server) || !world.isRunning(.guardian) || world.isLeaseOver
        if isDoomed, world.holder.state != .undoing, world.holder.state != .ended {
            self.add("holder misses a watcher, or its time is up", world) {
                let action = $0.holder.handle(.doomed)
                if action != .wait { $0.holderNext = action }
            }
        }
        switch world.holderNext {
        case .wait:
            guard world.wasTold, world.holder.state == .waiting else { return }
            self.add("holder hears go", world) {
                $0.holderNext = $0.holder.handle(.told(fence: InjectionStateMachine.fence))
            }
        case .takeLock: self.holderLocks(world)
        case .check:
            self.add("holder looks at latch and fence", world) { [mutant] next in
                let isBlind = mutant == .noFence
                let fault = isBlind ? FaultStateMachine(reading: [.intended, .armed(fence: 1)]) : next.journal
                next.holderNext = next.holder.handle(
                    .checked(isLatched: isBlind ? false : next.isLatched, fault: fault)
                )
            }
        case .apply: self.add("holder applies the effect", world) { Self.apply(&$0) }
        case .confirm:
            self.add("holder looks at the latch again", world) {
                $0.holderNext = $0.holder.handle(.confirmed(isLatched: $0.isLatched))
            }
        case .record:
            self.add("holder writes applied and lets go of the resource", world) {
                $0.journal.read(.applied)
                $0.lock = nil
                $0.holderNext = $0.holder.handle(.recorded)
            }
        case .hold: break
        case .undo:
            guard !world.attempts.contains(where: \.isInHolder), world.hasRoom else { return }
            self.add("holder begins to undo", world) {
                if $0.lock == .holder { $0.lock = nil }
                $0.start(.holder, by: nil, inHolder: true)
            }
        case .leave: self.add("holder leaves", world) { $0.end(.holder(World.fault)) }
        }
    }

    private mutating func holderLocks(_ world: World) {
        if world.lock == nil {
            self.add("holder holds the resource", world) {
                $0.lock = .holder
                $0.holderNext = $0.holder.handle(.locked(true))
            }
        } else {
            self.add("holder cannot get the resource", world) { $0.holderNext = $0.holder.handle(.locked(false)) }
        }
    }

    private static func apply(_ world: inout World) {
        guard world.value == .before else {
            world.holderNext = world.holder.handle(.applied(false))
            return
        }
        world.value = .ours
        if world.kill == .answered(isClean: true) { world.violation = .effectAfterCleanKill }
        if world.journal.armedFence == nil { world.violation = .effectWithoutRecord }
        world.holderNext = world.holder.handle(.applied(true))
    }

    // MARK: Guard and server watch

    private mutating func watch(_ world: World, as watcher: Peer) {
        guard world.isRunning(watcher), world.hasRoom, !(watcher == .server && self.mutant == .noServerDuty) else {
            return
        }
        let isServer = watcher == .server
        let owes = World.Key.Duty(isServer ? world.serverWatch : world.guardWatch) == .owed
        self.watch(world, watcher, of: isServer ? .guardian : .server, isServer ? .serverSawGuard : .guardSawServer)
        if owes { self.watch(world, watcher, of: .holder(World.fault), isServer ? .serverSawHolder : .guardSawHolder) }
        let lease: World.Notice = isServer ? .serverSawLease : .guardSawLease
        if owes, world.isLeaseOver, !world.told.contains(lease) {
            self.add("\(watcher) sees that the lease is over", world) {
                $0.told.insert(lease)
                Self.tell(&$0, watcher, .leaseOver(World.fault))
            }
        }
        let latch: World.Notice = isServer ? .serverSawLatch : .guardSawLatch
        if owes, world.isLatched, !world.told.contains(latch) {
            self.add("\(watcher) sees the latch", world) {
                $0.told.insert(latch)
                Self.tell(&$0, watcher, .latched)
            }
        }
    }

    private mutating func watch(_ world: World, _ watcher: Peer, of peer: Peer, _ notice: World.Notice) {
        switch world[peer] {
        case .stopped: self.add("\(watcher) hears nothing of \(peer)", world) { Self.tell(&$0, watcher, .silent(peer)) }
        case .dead where !world.told.contains(notice) && Self.wouldAct(world, watcher, on: .ended(peer)):
            self.add("\(watcher) sees the end of \(peer)", world) {
                $0.told.insert(notice)
                Self.tell(&$0, watcher, .ended(peer))
            }
        default: break
        }
    }

    /// Hearing of something about which there is nothing to do is no step.
    private static func wouldAct(_ world: World, _ watcher: Peer, on event: WatchStateMachine.Event) -> Bool {
        var mind = watcher == .server ? world.serverWatch : world.guardWatch
        return !mind.handle(event).isEmpty
    }

    private static func tell(_ world: inout World, _ watcher: Peer, _ event: WatchStateMachine.Event) {
        let actions = watcher == .server ? world.serverWatch.handle(event) : world.guardWatch.handle(event)
        for action in actions {
            switch action {
            case .kill(let peer): world.end(peer)
            case .undo(_, let cause), .undoLater(_, let cause, _): world.start(cause, by: watcher)
            case .replaceGuard: self.replaceGuard(&world)
            }
        }
    }

    /// The new guard promises what lies open on disk, or the fault is ended at once.
    private static func replaceGuard(_ world: inout World) {
        world.guardian = .running
        world.guardWatch = WatchStateMachine()
        world.told.subtract([.everythingGuardSaw, .serverSawGuard])
        guard world.journal.isOpen else { return }
        if world.journal.canBeArmed(fence: InjectionStateMachine.fence) {
            _ = world.guardWatch.handle(.promised(World.fault))
        } else {
            self.tell(&world, .server, .asked(World.fault))
        }
    }

    /// The supervisor starts the server again: it ends the guard of its former life and takes back what lies open.
    private mutating func restart(_ world: World) {
        guard world.server == .dead, world.hasRoom else { return }
        self.add("the server is started again and sweeps", world) {
            $0.server = .running
            $0.injectionNext = .watch
            $0.serverWatch = WatchStateMachine()
            $0.told.subtract(.everythingServerSaw)
            $0.end(.guardian)
            guard $0.journal.isOpen else { return }
            _ = $0.serverWatch.handle(.promised(World.fault))
            Self.tell(&$0, .server, .asked(World.fault))
        }
    }

    // MARK: Undo

    private mutating func undo(_ world: World) {
        for attempt in world.attempts {
            guard !attempt.isInHolder || world.holderLife == .running else { continue }
            let who = attempt.isInHolder ? "holder's undo" : "undo \(attempt.id)"
            switch attempt.next {
            case .endHolder: self.endHolder(world, attempt, who)
            case .takeLock: self.undoLocks(world, attempt, who)
            case .raiseFence:
                self.add("\(who) raises the fence", world) { world in
                    let before = world.journal
                    if before.isOpen { world.journal.read(.closing(fence: 2, cause: attempt.machine.cause)) }
                    Self.advance(&world, attempt.id, .raised(before))
                }
            case .compare: self.compare(world, attempt, who)
            case .record(let step):
                self.add("\(who) writes \(step)", world) {
                    $0.journal.read(step)
                    Self.advance(&$0, attempt.id, .recorded)
                }
            case .finish: break
            }
        }
    }

    private mutating func endHolder(_ world: World, _ attempt: World.Attempt, _ who: String) {
        self.add("\(who) ends the holder", world) { [mutant] in
            // First its own next state: the end of the holder drops the holder's undo, and numbers the others anew.
            Self.advance(&$0, attempt.id, .holderGone(true))
            if !attempt.isInHolder, mutant != .noFence, $0.holderLife != .unborn { $0.end(.holder(World.fault)) }
        }
    }

    private mutating func undoLocks(_ world: World, _ attempt: World.Attempt, _ who: String) {
        if self.mutant == .twoStepCompare || world.lock == nil {
            self.add("\(who) holds the resource", world) { [mutant] in
                if mutant != .twoStepCompare { Self.giveLock(&$0, attempt.id) }
                Self.advance(&$0, attempt.id, .locked(true))
            }
        } else {
            self.add("\(who) goes on without the resource", world) { Self.advance(&$0, attempt.id, .locked(false)) }
        }
    }

    private static func giveLock(_ world: inout World, _ id: Int) {
        world.lock = .undo
        if let index = world.attempts.firstIndex(where: { $0.id == id }) { world.attempts[index].hasLock = true }
    }

    private mutating func compare(_ world: World, _ attempt: World.Attempt, _ who: String) {
        if self.mutant == .twoStepCompare, attempt.seen == nil {
            self.add("\(who) looks", world) { world in
                let value = world.value
                if let index = world.attempts.firstIndex(where: { $0.id == attempt.id }) {
                    world.attempts[index].seen = value
                }
                world.number()
            }
            return
        }
        self.add("\(who) compares and restores", world) { [mutant] world in
            let decision = CompareAndRevert(before: .model(.before), ours: .model(.ours))
                .decide(live: .model(attempt.seen ?? world.value), claim: nil)
            if decision == .restore || mutant == .naiveUndo {
                if world.value == .repaired { world.violation = .repairOverwritten }
                world.value = .before
            }
            let outcome: UndoVerdict = if case .leaveSuperseded = decision { .superseded } else { .reverted }
            Self.advance(&world, attempt.id, .compared(outcome))
        }
    }

    /// The end of an undo follows its last record at once: nobody can tell the two apart.
    private static func advance(_ world: inout World, _ id: Int, _ event: UndoStateMachine.Event) {
        guard let index = world.attempts.firstIndex(where: { $0.id == id }) else { return }
        let next = world.attempts[index].machine.handle(event)
        world.attempts[index].next = next
        guard case .finish(let verdict) = next else { return world.number() }
        self.finish(&world, world.attempts[index], verdict)
    }

    private static func finish(_ world: inout World, _ attempt: World.Attempt, _ verdict: UndoVerdict) {
        world.drop(attempt.id)
        if attempt.isInHolder { world.holderNext = world.holder.handle(.undone(mayLeave: verdict.isFinal)) }
        guard let starter = attempt.starter, world.isRunning(starter) else { return }
        self.tell(&world, starter, .undone(World.fault, isFinal: verdict.isFinal))
    }

    // MARK: People, and bad luck

    private mutating func kill(_ world: World) {
        guard self.budget.hasKill else { return }
        switch world.kill {
        case .idle:
            self.add("somebody presses the kill switch", world, isProgress: false) {
                $0.isLatched = true
                $0.kill = .latched
            }
        case .latched:
            guard world.hasRoom else { return }
            self.add("the kill switch starts its undo", world) {
                if $0.journal.isOpen {
                    $0.start(.kill, by: nil, forKill: true)
                    $0.killFoundOpen = true
                }
                $0.kill = .undoing
            }
        case .undoing:
            guard !world.attempts.contains(where: \.isForKill) else { return }
            self.add("the kill switch answers", world) {
                // Clean is said of what was open and is closed, and of a world in which nothing was open.
                $0.kill = .answered(isClean: !$0.killFoundOpen || !$0.journal.isOpen)
            }
        case .answered: break
        }
    }

    private mutating func repair(_ world: World) {
        guard self.budget.hasAgent else { return }
        switch world.agent {
        case .idle:
            guard world.value == .ours, world.lock == nil else { return }
            self.add("agent holds the resource", world, isProgress: false) {
                $0.lock = .agent
                $0.agent = .locked
            }
        case .locked:
            self.add("agent repairs and lets go", world) {
                $0.value = .repaired
                $0.lock = nil
                $0.agent = .done
            }
        case .done: break
        }
    }

    private mutating func strike(_ world: World) {
        if !world.isLeaseOver, world.holder.state == .holding, world.journal.isOpen || world.holderLife != .dead {
            self.add("the lease runs out", world) { $0.isLeaseOver = true }
        }
        guard world.strikes < self.budget.strikes else { return }
        for peer in [Peer.server, .guardian, .holder(World.fault)] where world.isRunning(peer) {
            self.add("SIGKILL \(peer)", world, isProgress: false) {
                $0.strikes += 1
                $0.end(peer)
            }
            guard self.budget.canStop else { continue }
            self.add("SIGSTOP \(peer)", world, isProgress: false) {
                $0.strikes += 1
                $0[peer] = .stopped
            }
        }
        for attempt in world.attempts where !attempt.isInHolder {
            self.add("SIGKILL undo \(attempt.id)", world, isProgress: false) {
                $0.strikes += 1
                $0.drop(attempt.id)
                guard let starter = attempt.starter, $0.isRunning(starter) else { return }
                Self.tell(&$0, starter, .undone(World.fault, isFinal: false))
            }
        }
    }
}

extension Fingerprint {
    static func model(_ value: World.Value) -> Fingerprint { Fingerprint(rawValue: "\(value)") }
}
