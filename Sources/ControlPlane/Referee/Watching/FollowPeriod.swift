import OpsModel

/// How long an incident is followed: from the first fault on, and until the budget after the last one is spent.
struct FollowPeriod: Sendable {
    /// When the agent's budget began; nil while something is still to happen.
    private(set) var budgetStart: Timestamp?
    private var budgetEnd: Timestamp?

    /// Everything is in place: from now on the agent's time runs out.
    mutating func begin(budget: Double, at moment: Timestamp) {
        budgetStart = moment
        budgetEnd = moment + budget
    }

    func isOver(at now: Timestamp) -> Bool {
        guard let budgetEnd else { return false }
        return now >= budgetEnd
    }
}
