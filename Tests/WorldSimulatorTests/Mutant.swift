/// A defect put into the wiring on purpose, to see whether the simulator notices it.
enum Mutant: String, CaseIterable, Sendable {
    /// The undo restores whatever it finds.
    case naiveUndo
    /// The undo looks and acts in two steps, without holding the resource.
    case twoStepCompare
    /// The holder is told to go before the record is armed, and does not look.
    case effectBeforeItsLine
    /// The server leaves everything to the guard.
    case noServerDuty
    /// A grant is used up once the action is done.
    case grantConsumedLate
    /// Leases are counted on a clock that people can set.
    case leaseOnTheWallClock
    /// Pressing the kill switch takes back what is on, and closes nothing.
    case killWithoutLatch
    /// The epoch is read, and may rise before the intent is written.
    case epochNotHeld
    /// The gate takes the word of whoever asks.
    case approvesItself
    /// What was heard of agents is not counted afresh after the gate was away.
    case agentsBlamed

    /// A word of the promise that it breaks.
    var promise: String {
        switch self {
        case .naiveUndo, .twoStepCompare: "a repair was overwritten"
        case .effectBeforeItsLine: "without a line"
        case .noServerDuty, .leaseOnTheWallClock: "at rest"
        case .grantConsumedLate: "grant"
        case .killWithoutLatch: "after the kill switch"
        case .epochNotHeld: "older epoch"
        case .approvesItself: "who asked decided"
        case .agentsBlamed: "could not be heard"
        }
    }
}
