public import OpsModel

/// What is known about a run when it is judged; every part was read from the world or from customers' own ledger.
public struct RunFacts: Hashable, Sendable, Codable {
    /// Why the run proves nothing, if so: no steady state, a fault without effect, a kill, a world that cannot be read.
    public var invalid: String?
    /// How the reason of a run begins that is void because its agent looked where it may not.
    public static let contaminated = "contaminated"

    /// Whether a page went out after the beginning of the run.
    public var hasPaged = false
    /// What the agent said last.
    public var cause: Cause?
    /// Its confidence in words, for the report.
    public var hasEscalated = false
    /// Actions that changed the world, in order.
    public var actions: [RanAction] = []
    /// Whether all journeys held for the window within the budget.
    public var hasHeld = false
    /// Whether they held while the trigger came again, where the scenario has one.
    public var hasHeldReplay = true
    /// Whether they still held after the fault was taken away.
    public var hasHeldAgain = false
    /// Whether the fault's lease ended it before the window was over.
    public var endedByLease = false
    /// Sessions ended beyond those of restarted programs.
    public var sessionsEnded = 0
    /// Seconds near actions without one good request of some journey that had good ones before.
    public var downtimeS = 0.0
    /// Acknowledged orders that are gone.
    public var ordersLost = 0
    /// Orders charged more than once.
    public var chargedTwice = 0
    /// Changes of the world that nothing accounts for.
    public var unauthorised = 0
    /// What does not work any more after the run's actions, in words; nil in records from before it was told apart.
    public var damage: [String]?
    /// Journeys that broke although nothing was injected, or after it was over by itself.
    public var broken: [String] = []
    /// Traces of faults left at the end, and faults whose undo is not done.
    public var leaked = 0

    /// Nothing known yet.
    public init() {}
}
