/// The order in which one fault is taken back, whoever does it.
///
/// The holder goes first, so that nothing of ours acts any more; then the resource is held still; then the fence is raised on
/// disk; only then is the world compared and restored.
struct UndoStateMachine: Hashable, Sendable {
    enum State: Hashable, Sendable { case idle, ending, locking, raising, comparing, recording, done }

    enum Event: Hashable, Sendable {
        case begin(FaultStateMachine)
        case holderGone
        /// The lock is ours, or somebody else keeps it.
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

    init(cause: EndCause) { self.cause = cause }

    mutating func handle(_ event: Event) -> Action {
        switch (self.state, event) {
        case (.idle, .begin(let fault)):
            if let verdict = fault.verdict { return self.finish(verdict) }
            return self.go(.ending, .endHolder)
        case (.ending, .holderGone): return self.go(.locking, .takeLock)
        case (.locking, .locked(let isOurs)):
            // The kill switch does not wait for an action that keeps the resource: the latch stands in for the fence.
            guard isOurs || self.cause == .kill else { return self.finish(.pending) }
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
