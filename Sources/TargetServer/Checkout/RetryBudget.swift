/// Lets retries be a share of the calls and no more, so that they cannot double the load of what is already failing.
///
/// Each call pays in a share of a token, each retry takes a whole one; ten tokens at most are saved up.
struct RetryBudget: Sendable {
    private(set) var tokens: Double
    private let share: Double
    private let capacity: Double

    init(percent: Int, capacity: Double = 10) {
        share = Double(percent) / 100
        self.capacity = percent == 0 ? 0 : capacity
        tokens = self.capacity
    }

    mutating func called() { tokens = min(capacity, tokens + share) }

    /// Takes a token for a retry, if there is one.
    mutating func takesRetry() -> Bool {
        guard tokens >= 1 else { return false }
        tokens -= 1
        return true
    }
}
