import OpsModel

/// How far a plan has been carried out, as it lies on disk.
struct MonkeyRun: Codable, Hashable, Sendable {
    let plan: String
    private(set) var state: MonkeyState
    let startedAt: Timestamp
    let startedBy: String
    private(set) var endedAt: Timestamp?
    private(set) var reason: String?
    /// In the order of the plan's entries.
    private(set) var firings: [MonkeyFiring] = []

    private enum CodingKeys: String, CodingKey {
        case plan, state, reason, firings
        case startedAt = "started_at"
        case startedBy = "started_by"
        case endedAt = "ended_at"
    }

    init(of plan: MonkeyPlan, by actor: String, at now: Timestamp) {
        self.plan = plan.id
        self.state = .running
        self.startedAt = now
        self.startedBy = actor
    }

    /// The first entry that is not decided.
    var next: Int { (self.firings.last?.entry ?? -1) + 1 }

    mutating func note(_ firing: MonkeyFiring) { self.firings.append(firing) }

    mutating func settle(_ entry: Int, _ change: (inout MonkeyFiring) -> Void) {
        guard let index = self.firings.lastIndex(where: { $0.entry == entry }) else { return }
        change(&self.firings[index])
    }

    mutating func end(_ state: MonkeyState, reason: String?, at now: Timestamp) {
        guard self.state == .running else { return }
        (self.state, self.reason, self.endedAt) = (state, reason, now)
    }

    /// What an injector that ended in between left running does not go on by itself.
    ///
    /// - Returns: Whether it was running.
    mutating func interrupt(at now: Timestamp) -> Bool {
        guard self.state == .running else { return false }
        for index in self.firings.indices where self.firings[index].outcome == .beginning {
            self.firings[index].outcome = .interrupted
            self.firings[index].reason = "the injector ended while it began"
        }
        self.end(.interrupted, reason: "the injector ended; start it again, with replay for the same plan", at: now)
        return true
    }
}
