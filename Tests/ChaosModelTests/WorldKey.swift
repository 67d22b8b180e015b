@testable import ChaosServer

extension World {
    /// What of a world decides its future: worlds with the same key have the same steps and break the same rules.
    ///
    /// Left out is what nobody will ask again: why an undo was begun, what a dead process knew, the steps by which a closed
    /// record was closed. `ModelTests` compares whole worlds with their keys.
    struct Key: Hashable, Sendable {
        /// What a watcher still has to do.
        enum Duty: Hashable, Sendable {
            case none
            case owed
            case underWay

            init(_ machine: WatchStateMachine) {
                var machine = machine
                guard !machine.open.isEmpty else {
                    self = .none
                    return
                }
                self = machine.handle(.asked(World.fault)).isEmpty ? .underWay : .owed
            }
        }

        struct Undo: Hashable, Sendable {
            var next: UndoStateMachine.Action
            var starter: Peer?
            var isInHolder: Bool
            var isForKill: Bool
            var hasLock: Bool
            var seen: Value?

            init(_ attempt: Attempt) {
                self.next = attempt.next
                self.starter = attempt.starter
                self.isInHolder = attempt.isInHolder
                self.isForKill = attempt.isForKill
                self.hasLock = attempt.hasLock
                self.seen = attempt.seen
            }
        }

        struct Record: Hashable, Sendable {
            var isOpen: Bool
            var isIntended: Bool
            var isArmed: Bool
            var mayApply: Bool
            var isClosing: Bool
        }

        var value: Value
        var record: Record
        var isLatched: Bool
        var lock: Owner?
        var lives: [Life]
        var injectionNext: InjectionStateMachine.Action?
        var injection: InjectionStateMachine?
        var wasTold: Bool
        var holder: HolderStateMachine?
        var isHolding: Bool
        var holderNext: HolderStateMachine.Action
        var duties: [Duty]
        /// How many of each kind; they have no names.
        var undos: [Undo: Int]
        var agent: Agent
        var kill: Kill
        var killFoundOpen: Bool
        var strikes: Int
        var isLeaseOver: Bool
        var told: Notice

        init(_ world: World) {
            let journal = world.journal
            self.value = world.value
            self.record = Record(
                isOpen: journal.isOpen,
                isIntended: journal.isIntended,
                isArmed: journal.armedFence != nil,
                mayApply: journal.mayApply(fence: InjectionStateMachine.fence),
                isClosing: journal.isOpen && journal.cause != nil
            )
            self.isLatched = world.isLatched
            self.lock = world.lock
            self.lives = [world.server, world.guardian, world.holderLife]
            let hasServer = world.server != .dead
            self.injectionNext = hasServer ? world.injectionNext : .watch
            self.injection = self.injectionNext == .watch ? nil : world.injection
            self.wasTold = world.wasTold && world.holderLife != .dead && world.holder.state == .waiting
            self.holder = world.holderLife == .dead ? nil : world.holder
            self.isHolding = world.holder.state == .holding
            self.holderNext = world.holderNext
            self.duties = [
                hasServer ? Duty(world.serverWatch) : .none, world.guardian != .dead ? Duty(world.guardWatch) : .none,
            ]
            self.undos = Dictionary(world.attempts.map { (Undo($0), 1) }, uniquingKeysWith: +)
            self.agent = world.agent
            self.kill = world.kill
            self.killFoundOpen = world.kill == .undoing && world.killFoundOpen
            self.strikes = world.strikes
            self.isLeaseOver = world.isLeaseOver
            self.told = world.told
            self.forgetWhatNobodyAsks(journal)
        }

        /// Once all is over there is no lease; a watcher that has begun, or has nothing more to come, takes no note of further reasons.
        private mutating func forgetWhatNobodyAsks(_ journal: FaultStateMachine) {
            if self.lives[2] == .dead, journal.verdict != nil { self.isLeaseOver = true }
            if self.lives[0] == .dead { self.told.subtract(.everythingServerSaw) }
            if self.lives[1] == .dead { self.told.subtract(.everythingGuardSaw) }
            if self.duties[0] == .underWay || self.duties[0] == .none && journal.verdict != nil {
                self.told.subtract([.serverSawHolder, .serverSawLease, .serverSawLatch])
            }
            if self.duties[1] == .underWay || self.duties[1] == .none && journal.verdict != nil {
                self.told.subtract(.everythingGuardSaw)
            }
        }
    }
}
