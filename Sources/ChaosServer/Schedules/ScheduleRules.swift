import OpsModel

/// What a schedule has to keep to, beside what the injector asks of its request.
enum ScheduleRules {
    static let most = 64
    static let longestName = 40
    static let lateToleranceS: ClosedRange<Double> = 5...3_600
    static let mostBlackouts = 20

    /// Everything that is wrong with it, in one error.
    static func check(_ schedule: FaultSchedule) throws(ChaosError) {
        var problems: [String] = []
        if !self.isName(schedule.name) {
            problems.append("name: 1 to \(self.longestName) small letters, digits and hyphens")
        }
        if !self.lateToleranceS.contains(schedule.lateToleranceS) {
            problems.append("late_tolerance_s: \(self.lateToleranceS.lowerBound) to \(self.lateToleranceS.upperBound)")
        }
        if schedule.blackouts.count > self.mostBlackouts {
            problems.append("blackouts: \(self.mostBlackouts) at most")
        }
        if schedule.blackouts.contains(where: { $0.from == $0.to }) {
            problems.append("blackouts: from and to are the same; a whole day is 00:00 to 24:00")
        }
        if schedule.request.run != nil || schedule.request.aliasSeed != nil {
            problems.append("request: run and alias_seed are for scored runs")
        }
        problems += self.problems(with: schedule.abort)
        guard problems.isEmpty else { throw ChaosError(.badSchedule, problems.joined(separator: "; ")) }
    }

    static func problems(with abort: AbortConditions?) -> [String] {
        guard let abort else { return [] }
        var problems: [String] = []
        if abort.brokenS == nil && abort.faultsOver == nil {
            problems.append("abort: broken_s or faults_over is missing")
        }
        if let limit = abort.brokenS, !(1...3_600).contains(limit) { problems.append("abort.broken_s: 1 to 3600") }
        if let limit = abort.faultsOver, !(1...100).contains(limit) { problems.append("abort.faults_over: 1 to 100") }
        return problems
    }

    static func isName(_ text: String) -> Bool {
        (1...self.longestName).contains(text.utf8.count)
            && text.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == UInt8(ascii: "-") }
    }
}
