@testable import ChaosServer

/// Everything that the model's processes share: the resource, the disk, the lock, and who is alive.
struct World: Hashable, Sendable {
    /// What the resource holds.
    enum Value: Hashable, Sendable { case before, ours, repaired }

    /// Who holds the resource's lock.
    enum Owner: Hashable, Sendable { case holder, agent, undo }

    enum Life: Hashable, Sendable { case unborn, running, stopped, dead }

    enum Agent: Hashable, Sendable { case idle, locked, done }

    enum Kill: Hashable, Sendable {
        case idle, latched, undoing
        case answered(isClean: Bool)
    }

    /// One undo, a process of its own or a part of the holder.
    struct Attempt: Hashable, Sendable {
        var id: Int
        var machine: UndoStateMachine
        var next: UndoStateMachine.Action
        var starter: Peer?
        var isInHolder = false
        var isForKill = false
        var hasLock = false
        /// What the mutant with two steps has seen.
        var seen: Value?

        /// Puts attempts into an order that does not depend on when they began.
        var rank: Int {
            let state: Int =
                switch self.machine.state {
                case .idle: 0
                case .ending: 1
                case .locking: 2
                case .raising: 3
                case .comparing: 4
                case .recording: 5
                case .done: 6
                }
            let cause = EndCause.allCases.firstIndex(of: self.machine.cause) ?? 0
            let starter = self.starter == nil ? 0 : self.starter == .server ? 1 : 2
            return ((state * 8 + cause) * 3 + starter) * 8 + (self.isInHolder ? 4 : 0) + (self.hasLock ? 2 : 0)
                + (self.isForKill ? 1 : 0)
        }
    }

    static let fault = "f"

    var value = Value.before
    var journal = FaultStateMachine()
    var isLatched = false
    var lock: Owner?
    var server = Life.running
    var guardian = Life.running
    var holderLife = Life.unborn
    var injection = InjectionStateMachine()
    var injectionNext: InjectionStateMachine.Action?
    var wasTold = false
    var holder = HolderStateMachine()
    var holderNext = HolderStateMachine.Action.wait
    var serverWatch = WatchStateMachine()
    var guardWatch = WatchStateMachine()
    var attempts: [Attempt] = []
    var agent = Agent.idle
    var kill = Kill.idle
    /// Whether there was anything to undo when the switch was pressed, and whether that undo is still running.
    var killFoundOpen = false
    var strikes = 0
    var isLeaseOver = false
    /// What each watcher has been told already.
    var told: Notice = []
    /// The first rule that was broken.
    var violation: Violation?

    /// What a watcher need not be told again.
    struct Notice: OptionSet, Hashable, Sendable {
        let rawValue: UInt8
        static let serverSawGuard = Notice(rawValue: 1)
        static let serverSawHolder = Notice(rawValue: 2)
        static let serverSawLease = Notice(rawValue: 4)
        static let serverSawLatch = Notice(rawValue: 8)
        static let guardSawServer = Notice(rawValue: 16)
        static let guardSawHolder = Notice(rawValue: 32)
        static let guardSawLease = Notice(rawValue: 64)
        static let guardSawLatch = Notice(rawValue: 128)
        static let everythingServerSaw: Notice = [.serverSawGuard, .serverSawHolder, .serverSawLease, .serverSawLatch]
        static let everythingGuardSaw: Notice = [.guardSawServer, .guardSawHolder, .guardSawLease, .guardSawLatch]
    }

    enum Violation: String, Sendable {
        case effectAfterCleanKill = "an effect came into the world after the kill switch had answered clean"
        case repairOverwritten = "an undo replaced somebody's repair"
        case effectWithoutRecord = "an effect came into the world without an armed record"
        case residue = "nobody is left to do anything, and the effect is still there"
    }

    subscript(_ peer: Peer) -> Life {
        get {
            switch peer {
            case .server: self.server
            case .guardian: self.guardian
            case .holder: self.holderLife
            }
        }
        set {
            switch peer {
            case .server: self.server = newValue
            case .guardian: self.guardian = newValue
            case .holder: self.holderLife = newValue
            }
        }
    }

    func isRunning(_ peer: Peer) -> Bool { self[peer] == .running }

    /// Nothing that anybody could still do touches the resource.
    var isOver: Bool {
        (self.server == .dead || self.injectionNext == .watch) && self.holderLife == .dead && !self.journal.isOpen
            && !self.attempts.contains { $0.machine.state == .comparing }
            && self.value != .ours && self.agent != .locked
    }

    mutating func end(_ peer: Peer) {
        self[peer] = .dead
        // An undo outlives who started it, and then nobody hears how it ends.
        for index in self.attempts.indices where self.attempts[index].starter == peer {
            self.attempts[index].starter = nil
        }
        self.number()
        guard case .holder = peer else { return }
        self.holderNext = .wait
        if self.lock == .holder { self.lock = nil }
        for attempt in self.attempts where attempt.isInHolder { self.drop(attempt.id) }
    }

    mutating func drop(_ id: Int) {
        guard let index = self.attempts.firstIndex(where: { $0.id == id }) else { return }
        if self.attempts.remove(at: index).hasLock { self.lock = nil }
        self.number()
    }

    /// Whether one more undo may run at the same time; the model looks at two at once.
    var hasRoom: Bool { self.attempts.count < 2 }

    mutating func start(_ cause: EndCause, by starter: Peer?, inHolder: Bool = false, forKill: Bool = false) {
        var machine = UndoStateMachine(cause: cause)
        let next = machine.handle(.begin(self.journal))
        if case .finish = next { return }
        self.attempts.append(
            Attempt(id: 0, machine: machine, next: next, starter: starter, isInHolder: inHolder, isForKill: forKill)
        )
        self.number()
    }

    /// Undos have no names: two worlds that differ only in their order are one.
    mutating func number() {
        self.attempts.sort { $0.rank < $1.rank }
        for index in self.attempts.indices { self.attempts[index].id = index }
    }
}

/// A defect put into the wiring on purpose, to see whether the model notices it.
enum Mutant: String, CaseIterable, Sendable {
    /// The undo restores whatever it finds.
    case naiveUndo
    /// The undo looks and acts in two steps, without holding the resource.
    case twoStepCompare
    /// The holder applies without looking at latch and fence, and the undo does not end it first.
    case noFence
    /// The server leaves everything to the guard.
    case noServerDuty
}
