import OpsModel

/// What an order has to keep to.
struct MonkeyRules: Sendable {
    static let mostFaults = 500
    static let forS: ClosedRange<Double> = 60...604_800
    private static let pauseS: ClosedRange<Double> = 1...86_400

    let limits: Admission.Limits
    let candidates: [MonkeyCandidate]

    /// The candidates that the order allows.
    ///
    /// - Throws: `bad_order` with everything that is wrong.
    func allowed(by order: MonkeyOrder) throws(ChaosError) -> [MonkeyCandidate] {
        let allowed = self.candidates.filter { candidate in
            (order.faults.isEmpty || order.faults.contains(candidate.fault))
                && (order.targets.isEmpty || order.targets.contains(candidate.target))
        }
        var problems = self.budgetProblems(order.budget, order) + self.timeProblems(order)
        problems += ScheduleRules.problems(with: order.abort)
        for fault in order.faults where !self.candidates.contains(where: { $0.fault == fault }) {
            problems.append("faults: \(fault.prefix(64)) cannot be drawn here")
        }
        for target in order.targets where !self.candidates.contains(where: { $0.target == target }) {
            problems.append("targets: nothing can be done to \(target.prefix(64)) here")
        }
        if problems.isEmpty && allowed.isEmpty { problems.append("none of these faults breaks any of these targets") }
        guard problems.isEmpty else { throw ChaosError(.badOrder, problems.joined(separator: "; ")) }
        return allowed
    }

    private func budgetProblems(_ budget: MonkeyOrder.Budget, _ order: MonkeyOrder) -> [String] {
        var problems: [String] = []
        if !(1...Self.mostFaults).contains(budget.faults) { problems.append("budget.faults: 1 to \(Self.mostFaults)") }
        if !(1...max(1, self.limits.atMost)).contains(budget.atOnce) {
            problems.append("budget.at_once: 1 to \(self.limits.atMost), the topology's chaos.at_most")
        }
        let (spent, most) = (budget.faultSPerHour, 3_600 * Double(budget.atOnce))
        if spent < order.leaseMostS || spent > most {
            problems.append("budget.fault_s_per_hour: from the longest lease to 3600 for each fault at one time")
        }
        return problems
    }

    private func timeProblems(_ order: MonkeyOrder) -> [String] {
        var problems: [String] = []
        if !Self.forS.contains(order.forS) {
            problems.append("for_s: \(Self.forS.lowerBound) to \(Self.forS.upperBound)")
        }
        if !(Admission.shortestS <= order.leaseLeastS && order.leaseLeastS <= order.leaseMostS
            && order.leaseMostS <= self.limits.longestS)
        {
            problems.append(
                "lease_least_s, lease_most_s: \(Admission.shortestS) to \(self.limits.longestS), and in order"
            )
        }
        let gap = order.gap
        if ![gap.meanS, gap.leastS, gap.mostS].allSatisfy(Self.pauseS.contains) || gap.leastS > gap.mostS {
            problems.append("gap: 1 to 86400 s, and least_s is not above most_s")
        }
        if let window = order.hours?.window, window.from == window.to {
            problems.append("hours: from and to are the same")
        }
        return problems
    }
}
