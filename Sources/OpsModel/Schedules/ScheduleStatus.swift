/// What became of one due time.
public struct ScheduleFiring: Codable, Hashable, Sendable {
    /// The due time; of several that were missed together, the first.
    public var due: Timestamp
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
        due: Timestamp,
        at: Timestamp,
        outcome: FiringOutcome,
        reason: String? = nil,
        fault: String? = nil,
        aborted: String? = nil
    ) {
        self.due = due
        self.at = at
        self.outcome = outcome
        self.reason = reason
        self.fault = fault
        self.aborted = aborted
    }
}

/// A schedule with what became of its last due times.
public struct ScheduleStatus: Codable, Hashable, Sendable {
    /// What was asked for.
    public var schedule: FaultSchedule
    /// When it was made.
    public var createdAt: Timestamp
    /// Who made it.
    public var createdBy: String
    /// The next due time; nil when there is none any more.
    public var nextDue: Timestamp?
    /// The newest fifty, the oldest of them first.
    public var firings: [ScheduleFiring]

    /// Puts the parts together as given.
    public init(
        schedule: FaultSchedule,
        createdAt: Timestamp,
        createdBy: String,
        nextDue: Timestamp?,
        firings: [ScheduleFiring]
    ) {
        self.schedule = schedule
        self.createdAt = createdAt
        self.createdBy = createdBy
        self.nextDue = nextDue
        self.firings = firings
    }

    private enum CodingKeys: String, CodingKey {
        case schedule, firings
        case createdAt = "created_at"
        case createdBy = "created_by"
        case nextDue = "next_due"
    }
}
