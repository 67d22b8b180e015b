/// The life of a holder: the only process that brings an effect into the world.
///
/// It holds the resource from before the last look at latch and fence until after the next look at the latch. A kill that
/// comes in between is therefore seen either by the look before, or by the look after.
struct HolderStateMachine: Hashable, Sendable {
    enum State: Hashable, Sendable {
        case waiting, locking, checking, applying, confirming, recording, holding, undoing, ended
    }

    enum Event: Hashable, Sendable {
        case told(fence: Int)
        case locked(Bool)
        /// Latch and record were read under the lock.
        case checked(isLatched: Bool, fault: FaultStateMachine)
        /// The effect is there; false when it failed, perhaps half-way.
        case applied(Bool)
        case confirmed(isLatched: Bool)
        case recorded
        /// The server or the guard is gone, the lease is over, or the effect can no longer be kept.
        case doomed
        /// Its own undo ended; false when something is still waiting, and nobody else may be left to come back to it.
        case undone(mayLeave: Bool)
    }

    enum Action: Hashable, Sendable {
        case wait
        case takeLock
        case check
        case apply
        case confirm
        case record
        case hold
        case undo
        case leave
    }

    private(set) var state = State.waiting
    private var fence = 0
    private var isDoomed = false

    mutating func handle(_ event: Event) -> Action {
        if event == .doomed { return self.doom() }
        switch (self.state, event) {
        case (.waiting, .told(let fence)):
            self.fence = fence
            return self.go(.locking, .takeLock)
        case (.locking, .locked(let isOurs)): return isOurs ? self.go(.checking, .check) : self.leave()
        case (.checking, .checked(let isLatched, let fault)):
            return !isLatched && fault.mayApply(fence: self.fence) ? self.go(.applying, .apply) : self.leave()
        case (.applying, .applied(let isWhole)):
            self.isDoomed = self.isDoomed || !isWhole
            return self.go(.confirming, .confirm)
        case (.confirming, .confirmed(let isLatched)):
            self.isDoomed = self.isDoomed || isLatched
            return self.isDoomed ? self.go(.undoing, .undo) : self.go(.recording, .record)
        case (.recording, .recorded): return self.isDoomed ? self.go(.undoing, .undo) : self.go(.holding, .hold)
        case (.undoing, .undone(let mayLeave)): return mayLeave ? self.leave() : .undo
        default: return .wait
        }
    }

    /// Before the effect there is nothing to take back; during it the undo comes right after.
    private mutating func doom() -> Action {
        switch self.state {
        case .waiting, .locking, .checking: return self.leave()
        case .applying, .confirming, .recording:
            self.isDoomed = true
            return .wait
        case .holding: return self.go(.undoing, .undo)
        case .undoing, .ended: return .wait
        }
    }

    private mutating func leave() -> Action { self.go(.ended, .leave) }

    private mutating func go(_ state: State, _ action: Action) -> Action {
        self.state = state
        return action
    }
}
