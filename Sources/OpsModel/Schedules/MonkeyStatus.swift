/// Where a monkey stands.
public enum MonkeyState: String, Codable, CaseIterable, Hashable, Sendable {
    /// None was started since the state directory was made.
    case idle
    case running
    /// Its time was over.
    case finished
    /// Somebody stopped it.
    case stopped
    /// The kill switch stopped it; `resume` does not start it again.
    case killed
    /// The injector ended under it, and it does not go on by itself.
    case interrupted
}

/// What became of one entry of a plan.
public struct MonkeyFiring: Codable, Hashable, Sendable {
    /// The entry's place in the plan, from 0.
    public var entry: Int
    /// When it was decided.
    public var at: Timestamp
    /// What was decided.
    public var outcome: FiringOutcome
    /// Why, in words.
    public var reason: String?
    /// The fault that began.
    public var fault: String?
    /// Why the fault was ended before its lease; nil when it was not.
    public var aborted: String?

    /// Puts the parts together as given.
    public init(
        entry: Int,
        at: Timestamp,
        outcome: FiringOutcome,
        reason: String? = nil,
        fault: String? = nil,
        aborted: String? = nil
    ) {
        self.entry = entry
        self.at = at
        self.outcome = outcome
        self.reason = reason
        self.fault = fault
        self.aborted = aborted
    }
}

/// The monkey that runs, or the last one that did.
public struct MonkeyStatus: Codable, Hashable, Sendable {
    /// Where it stands.
    public var state: MonkeyState
    /// Its plan.
    public var plan: MonkeyPlan?
    /// When it was started.
    public var startedAt: Timestamp?
    /// Who started it.
    public var startedBy: String?
    /// When it ended.
    public var endedAt: Timestamp?
    /// Why it ended, in words.
    public var reason: String?
    /// What became of the entries so far, in order.
    public var firings: [MonkeyFiring]
    /// The plans that are kept, the newest first.
    public var plans: [String]

    /// Puts the parts together as given.
    public init(
        state: MonkeyState,
        plan: MonkeyPlan? = nil,
        startedAt: Timestamp? = nil,
        startedBy: String? = nil,
        endedAt: Timestamp? = nil,
        reason: String? = nil,
        firings: [MonkeyFiring] = [],
        plans: [String] = []
    ) {
        self.state = state
        self.plan = plan
        self.startedAt = startedAt
        self.startedBy = startedBy
        self.endedAt = endedAt
        self.reason = reason
        self.firings = firings
        self.plans = plans
    }

    private enum CodingKeys: String, CodingKey {
        case state, plan, reason, firings, plans
        case startedAt = "started_at"
        case startedBy = "started_by"
        case endedAt = "ended_at"
    }
}

/// Asks for a monkey: for a plan that is drawn, or for one that was.
public struct MonkeyRequest: Codable, Hashable, Sendable {
    /// What is drawn from; chance decides when it is nil.
    public var seed: UInt64?
    /// What is drawn for; nil with `replay`.
    public var order: MonkeyOrder?
    /// The end instead of the order's `for_s`.
    public var until: Timestamp?
    /// A kept plan whose entries are carried out once more.
    public var replay: String?

    /// Puts the parts together as given.
    public init(seed: UInt64? = nil, order: MonkeyOrder? = nil, until: Timestamp? = nil, replay: String? = nil) {
        self.seed = seed
        self.order = order
        self.until = until
        self.replay = replay
    }
}
