import OpsModel

/// Decides which due time of a schedule it is time for, and does nothing about it.
///
/// Each due time is decided once: whoever carries a decision out puts it on disk first, and asks again from there.
struct DueDecision: Hashable, Sendable {
    enum Verdict: Hashable, Sendable {
        /// Nothing is due before this; nil when nothing ever is.
        case wait(until: Timestamp?)
        /// Nothing begins, and everything up to `through` is decided.
        case skip(due: Timestamp, through: Timestamp, FiringRefusal)
        /// The world may be asked whether it begins.
        case consider(due: Timestamp)
    }

    let cron: CronExpression
    let zone: ZoneRules
    let lateToleranceS: Double
    let blackouts: [WeeklyWindow]

    func next(after moment: Timestamp) -> Timestamp? { self.cron.next(after: moment, in: self.zone) }

    /// What to do about the first due time that is not decided; a latch stands for a kill switch that is on.
    func decide(due: Timestamp?, now: Timestamp, latch: Latch?) -> Verdict {
        guard let due, due <= now else { return .wait(until: due) }
        guard now - due <= self.lateToleranceS else {
            let late = "\(Int(now - due)) s late, and \(Int(self.lateToleranceS)) s are allowed"
            // Whatever was missed in one stretch is one line; a later one that is not too late is still to come.
            let through = Timestamp(microseconds: (now + -self.lateToleranceS).microseconds - 1)
            return .skip(due: due, through: through, FiringRefusal(outcome: .missed, reason: late))
        }
        if let latch {
            let reason = "the kill switch was pressed by \(latch.actor)"
            return .skip(due: due, through: due, FiringRefusal(outcome: .missed, reason: reason))
        }
        let local = LocalTime(due, in: self.zone)
        if let window = self.blackouts.first(where: { $0.contains(local) }) {
            let reason = "between \(window.from) and \(window.to)"
            return .skip(due: due, through: due, FiringRefusal(outcome: .blackout, reason: reason))
        }
        return .consider(due: due)
    }
}
