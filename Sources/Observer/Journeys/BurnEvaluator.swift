internal import OpsModel

/// Keeps the windows of one journey and says after each sample which rules hold.
struct BurnEvaluator: Sendable {
    let objective: Double
    let rules: [BurnRule]
    private var windows: [[RollingCount]]
    private var recovery: RollingCount
    private var firstSample: Timestamp?

    /// Seconds of samples before anything is judged: half-filled windows would page about the first request of the day.
    static let settling = 10.0

    init(objective: Double, rules: [BurnRule]? = nil) {
        self.objective = objective
        self.rules = rules ?? BurnRule.standard(objective: objective)
        windows = []
        recovery = RollingCount(seconds: 5)
        forget()
    }

    /// Starts the windows anew, for example after a recovery was proven: what is over must not fire again.
    mutating func forget() {
        windows = rules.map { rule in rule.windows.map { RollingCount(seconds: $0.seconds) } }
        recovery = RollingCount(seconds: recovery.seconds)
    }

    /// Takes one half second of requests and judges.
    ///
    /// A starved sample enters no window and is judged as such.
    mutating func observe(good: Int, bad: Int, from: Timestamp, isStarved: Bool) -> BurnEvaluation {
        guard !isStarved else { return BurnEvaluation(at: from, isStarved: true) }
        for rule in windows.indices {
            for window in windows[rule].indices { windows[rule][window].add(good: good, bad: bad, from: from) }
        }
        recovery.add(good: good, bad: bad, from: from)
        let first = firstSample ?? from
        firstSample = first
        guard from - first >= Self.settling else { return BurnEvaluation(at: from) }
        let holding = rules.indices.filter { holds($0) }
        let isHealthy =
            holding.isEmpty && Objective.isHeld(good: recovery.good, bad: recovery.bad, objective: objective)
        return BurnEvaluation(at: from, holding: holding.map { rules[$0].name }, isHealthy: isHealthy)
    }

    /// Bad share over the allowed share in the deciding window of a rule.
    func burn(of rule: String) -> Double {
        guard let index = rules.firstIndex(where: { $0.name == rule }), let window = windows[index].first else {
            return 0
        }
        return window.badShare / max(1 - objective, 0.000_1)
    }

    /// Good share in the deciding window of a rule.
    func goodShare(of rule: String) -> Double {
        guard let index = rules.firstIndex(where: { $0.name == rule }), let window = windows[index].first else {
            return 1
        }
        return 1 - window.badShare
    }

    private func holds(_ index: Int) -> Bool {
        let counts = windows[index]
        guard let first = counts.first, first.bad >= rules[index].minimumBad else { return false }
        return zip(counts, rules[index].windows).allSatisfy { $0.badShare >= $1.share }
    }
}
