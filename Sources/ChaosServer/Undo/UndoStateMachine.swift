/// The order in which one fault is taken back, whoever does it.
///
/// The holder goes first, so that nothing of ours acts any more; then the resource is held still; then the fence is raised on
/// disk; only then is the world compared and restored. Nobody can prolong a fault by keeping the resource.
struct UndoStateMachine: Hashable, Sendable {
    enum State: Hashable, Sendable { case idle, ending, locking, raising, comparing, recording, done }

    enum Event: Hashable, Sendable {
        case begin(FaultStateMachine)
        /// False when its end was not seen in time.
        case holderGone(Bool)
        /// The lock is ours, or somebody else keeps it all the time that an undo waits for it.
        case locked(Bool)
        /// The closing line is on disk, or the disk refused it. Read again under the lock: another undo may have finished.
        case raised(FaultStateMachine)
        case compared(UndoVerdict)
        case recorded
    }

    enum Action: Hashable, Sendable {
        case endHolder
        case takeLock
        case raiseFence
        case compare
        case record(FaultStep)
        case finish(UndoVerdict)
    }

    let cause: EndCause
    private(set) var state = State.idle
    private var verdict = UndoVerdict.reverted
    private var isHolderGone = false

    init(cause: EndCause) { self.cause = cause }

    mutating func handle(_ event: Event) -> Action {
        switch (self.state, event) {
        case (.idle, .begin(let fault)):
            if let verdict = fault.verdict { return self.finish(verdict) }
            return self.go(.ending, .endHolder)
        case (.ending, .holderGone(let isCertain)):
            self.isHolderGone = isCertain
            return self.go(.locking, .takeLock)
        case (.locking, .locked(let isOurs)):
            // An action that keeps the resource, or one that hangs, does not prolong a fault: what is compared and swapped in
            // one step needs no lock. Only the holder may not be the one that keeps it, because it may still act.
            guard isOurs || self.isHolderGone else { return self.finish(.pending) }
            return self.go(.raising, .raiseFence)
        case (.raising, .raised(let fault)):
            if let verdict = fault.verdict { return self.finish(verdict) }
            return self.go(.comparing, .compare)
        case (.comparing, .compared(let verdict)):
            self.verdict = verdict
            return self.go(.recording, .record(verdict.isFinal ? .closed(verdict) : .attempted(verdict)))
        case (.recording, .recorded): return self.finish(self.verdict)
        default: return .finish(.pending)
        }
    }

    private mutating func go(_ state: State, _ action: Action) -> Action {
        self.state = state
        return action
    }

    private mutating func finish(_ verdict: UndoVerdict) -> Action { self.go(.done, .finish(verdict)) }
}
