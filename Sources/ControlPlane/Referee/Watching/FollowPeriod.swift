import OpsModel

/// How long an incident is followed: from the first fault on, and until the budget after the last one is spent.
///
/// A question that is left alone on purpose is over only when it has expired, and the agent needs a moment to say what it makes
/// of that; until then the run goes on, whatever the budget.
struct FollowPeriod: Sendable {
    /// How long an agent may take to call a person when its question has expired.
    static let handOverS = 15.0

    /// When the agent's budget began; nil while something is still to happen.
    private(set) var budgetStart: Timestamp?
    private var budgetEnd: Timestamp?
    private var silenceEnd: Timestamp?

    /// Everything is in place: from now on the agent's time runs out.
    mutating func begin(budget: Double, at moment: Timestamp) {
        budgetStart = moment
        budgetEnd = moment + budget
    }

    /// A question is left alone until it expires; one that comes when the budget is spent prolongs nothing.
    mutating func leftAlone(_ question: Approval) {
        if let budgetEnd, question.requestedAt >= budgetEnd { return }
        silenceEnd = max(silenceEnd ?? question.expiresAt, question.expiresAt)
    }

    func isOver(at now: Timestamp) -> Bool {
        guard let budgetEnd else { return false }
        return now >= max(budgetEnd, silenceEnd.map { $0 + Self.handOverS } ?? budgetEnd)
    }
}
