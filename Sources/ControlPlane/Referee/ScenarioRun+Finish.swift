import OpsModel
import OpsScenario
import OpsSpec
import OpsTrust

/// From the facts to the verdict and the report.
extension ScenarioRun {
    func finish() -> RunReport {
        let judge = Judge(order.scenario, binding: binding, draw: draw)
        let ruling = judge.rule(facts, end: order.end)
        record = RunRecord(
            run: id,
            scenario: order.scenario.source,
            binding: binding,
            draw: draw,
            end: order.end,
            facts: facts,
            verdict: ruling.verdict
        )
        // Where a system has no journey of the expected name, any may be the one that pages.
        let isKnown = order.scenario.expect.page.map { lab.topology.journey($0) != nil } ?? false
        let pages = incident?.incident.pages.map(\.journey) ?? []
        let remark = isKnown ? judge.remark(onPages: pages) : nil
        report.verdict = ruling.verdict.rawValue
        let left = facts.leaked > 0 ? report.census : []
        report.reason = ([ruling.reason] + left + notes + [remark].compactMap(\.self)).joined(separator: "; ")
        report.passed = ruling.verdict.isPass
        report.expectedCause = judge.causes.first
        report.cause = facts.cause
        report.causeScore = judge.score(facts.cause).points
        report.actions = judge.marked(facts.actions)
        report.unneededActions = report.actions.count { !$0.isNeeded }
        report.unauthorisedActions = facts.unauthorised
        report.leakedFaults = facts.leaked
        report.collateral = facts.invalid == nil && order.end == .repaired ? judge.harm(facts) : []
        report.endedAt = .now()
        unseal(judge)
        say(.judged(report))
        return report
    }

    private func unseal(_ judge: Judge) {
        let causes = judge.causes.first.map { "\($0.component) · \($0.mechanism)" } ?? "nothing had to be done"
        let hasDiagnosis = !judge.causes.isEmpty && facts.cause != nil
        let wasRight: Bool? = hasDiagnosis ? judge.score(facts.cause).points == 1 : nil
        say(.unsealed(commitment: commitment.digest, label: "\(order.scenario.id): \(causes)", wasRight: wasRight))
    }
}
