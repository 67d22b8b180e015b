import OpsModel

/// Decides what it is time for in a running plan, and does nothing about it.
struct MonkeyDecision: Sendable {
    enum Verdict: Hashable, Sendable {
        case wait
        /// The plan's time is over.
        case finish
        /// The kill switch ends it for good.
        case kill(reason: String)
        case skip(entry: Int, FiringRefusal)
        /// The world may be asked whether it begins.
        case consider(entry: Int)
    }

    /// An entry that is later than this is missed: what was drawn as a pause must not shrink to nothing.
    static let lateToleranceS = 30.0

    let plan: MonkeyPlan
    /// The zone of the order's hours.
    let zone: ZoneRules

    /// What to do about the first entry that is not decided, so many seconds after the start.
    func decide(entry: Int, elapsedS: Double, now: Timestamp, latch: Latch?) -> Verdict {
        if let latch { return .kill(reason: "kill \(latch.killID) by \(latch.actor): \(latch.reason)") }
        guard self.plan.entries.indices.contains(entry), self.plan.entries[entry].atS <= elapsedS else {
            return elapsedS >= self.plan.order.forS ? .finish : .wait
        }
        let late = elapsedS - self.plan.entries[entry].atS
        guard late <= Self.lateToleranceS else {
            let reason = "\(Int(late)) s late, and \(Int(Self.lateToleranceS)) s are allowed"
            return .skip(entry: entry, FiringRefusal(outcome: .missed, reason: reason))
        }
        if let hours = self.plan.order.hours, !hours.window.contains(LocalTime(now, in: self.zone)) {
            let reason = "not between \(hours.window.from) and \(hours.window.to)"
            return .skip(entry: entry, FiringRefusal(outcome: .outsideHours, reason: reason))
        }
        return .consider(entry: entry)
    }
}
