import Glibc

/// Whether a handful of requests can be told apart from an objective that holds.
public enum Objective {
    /// Whether so many bad requests are still what an objective allows among so few.
    ///
    /// One-sided exact binomial test at 5 %: the objective counts as broken only when so many bad requests would be seen
    /// in fewer than one window out of twenty if it held exactly. Without it, one unlucky request among ninety would
    /// break 99 %. A window without requests proves nothing and does not hold.
    ///
    /// - Parameters:
    ///   - good: Requests that met the journey's conditions.
    ///   - bad: Requests that did not.
    ///   - objective: The promised share of good requests, 0 to 1.
    /// - Returns: False as well when there was no request at all.
    public static func isHeld(good: Int, bad: Int, objective: Double) -> Bool {
        let total = good + bad
        guard total > 0, bad >= 0, good >= 0 else { return false }
        if Double(bad) <= Double(total) * (1 - objective) { return true }
        return probability(ofAtLeast: bad, among: total, each: 1 - objective) >= 0.05
    }

    /// The probability of `count` or more events among `total`, each with the same chance; the sum of the upper tail.
    static func probability(ofAtLeast count: Int, among total: Int, each chance: Double) -> Double {
        guard count > 0 else { return 1 }
        guard chance > 0 else { return 0 }
        guard chance < 1 else { return 1 }
        let lower = (0..<count).reduce(0.0) { sum, k in sum + exp(logProbability(of: k, among: total, each: chance)) }
        return max(0, 1 - lower)
    }

    private static func logProbability(of count: Int, among total: Int, each chance: Double) -> Double {
        let ways = lgamma(Double(total + 1)) - lgamma(Double(count + 1)) - lgamma(Double(total - count + 1))
        return ways + Double(count) * log(chance) + Double(total - count) * log(1 - chance)
    }
}
