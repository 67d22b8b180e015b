import OpsModel

/// A schedule as it lies on disk: what was asked for, and how far its due times are decided.
struct ScheduleRecord: Codable, Hashable, Sendable {
    /// So many firings are kept, the newest ones.
    static let kept = 50

    let schedule: FaultSchedule
    let createdAt: Timestamp
    let createdBy: String
    /// No due time up to this one is ever looked at again.
    private(set) var decidedUntil: Timestamp
    /// The oldest of them first.
    private(set) var firings: [ScheduleFiring] = []

    enum CodingKeys: String, CodingKey {
        case schedule, firings
        case createdAt = "created_at"
        case createdBy = "created_by"
        case decidedUntil = "decided_until"
    }

    init(_ schedule: FaultSchedule, createdBy: String, at now: Timestamp) {
        self.schedule = schedule
        self.createdAt = now
        self.createdBy = createdBy
        self.decidedUntil = now
    }

    mutating func note(_ firing: ScheduleFiring, through moment: Timestamp) {
        self.decidedUntil = max(self.decidedUntil, moment)
        self.firings = (self.firings + [firing]).suffix(Self.kept)
    }

    /// Writes what became of the firing for a due time.
    mutating func settle(_ due: Timestamp, _ change: (inout ScheduleFiring) -> Void) {
        guard let index = self.firings.lastIndex(where: { $0.due == due }) else { return }
        change(&self.firings[index])
    }

    /// What an injector that ended in between left undecided is decided: that due time does not come again.
    ///
    /// - Returns: Whether anything was left.
    mutating func interrupt() -> Bool {
        let left = self.firings.indices.filter { self.firings[$0].outcome == .beginning }
        for index in left {
            self.firings[index].outcome = .interrupted
            self.firings[index].reason = "the injector ended while it began"
        }
        return !left.isEmpty
    }

    /// Which of the open faults are of this schedule.
    ///
    /// What became of an interrupted one is known from its kind and target alone.
    func own(among open: [FaultRecord]) -> [String] {
        let known = Set(self.firings.compactMap(\.fault))
        let isInDoubt = self.firings.last?.outcome == .interrupted
        return open.filter { record in
            known.contains(record.id)
                || isInDoubt && record.fault == self.schedule.fault && record.target == self.schedule.request.target
        }.map(\.id)
    }
}
