/// The order in which a fault is brought about: nothing before its record, nothing before its guard.
struct InjectionStateMachine: Hashable, Sendable {
    enum State: Hashable, Sendable {
        case idle, planning, intending, arming, guarding, telling, applying, running, refused
    }

    enum Event: Hashable, Sendable {
        /// The latch was read.
        case begin(isLatched: Bool)
        /// The holder has said what it would change and how that is put back.
        case planned
        /// A line is on disk.
        case written
        /// The guard has read the armed line back and promised to end this fault.
        case acknowledged
        case told
        case applied
        /// Whatever went wrong on the way.
        case failed
    }

    enum Action: Hashable, Sendable {
        case askForPlan
        case write(FaultStep)
        case askGuard
        case tellHolder
        case awaitEffect
        case watch
        /// Nothing is on disk yet: just let the holder go.
        case refuse
        /// Something may be on disk or in the world: the undo decides.
        case undo
    }

    static let fence = 1
    private(set) var state = State.idle

    mutating func handle(_ event: Event) -> Action {
        switch (self.state, event) {
        case (.idle, .begin(let isLatched)): return isLatched ? self.refuse(.refuse) : self.go(.planning, .askForPlan)
        case (.planning, .planned): return self.go(.intending, .write(.intended))
        case (.intending, .written): return self.go(.arming, .write(.armed(fence: Self.fence)))
        case (.arming, .written): return self.go(.guarding, .askGuard)
        case (.guarding, .acknowledged): return self.go(.telling, .tellHolder)
        case (.telling, .told): return self.go(.applying, .awaitEffect)
        case (.applying, .applied): return self.go(.running, .watch)
        default: return self.refuse(self.state == .idle || self.state == .planning ? .refuse : .undo)
        }
    }

    private mutating func go(_ state: State, _ action: Action) -> Action {
        self.state = state
        return action
    }

    private mutating func refuse(_ action: Action) -> Action { self.go(.refused, action) }
}
