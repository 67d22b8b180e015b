import OpsModel
import OpsScenario
import OpsSpec

/// A comparison as JUnit XML, as continuous integration reads it: one suite for each agent, one case for each run.
///
/// A run that proves nothing is `skipped`: it neither passed nor failed.
struct JUnitReport {
    var comparison: Comparison

    var xml: String {
        let suites = comparison.agents.map { score in
            suite(score, comparison.runs.filter { $0.contestant == score.agent })
        }
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <testsuites name="opslab compare">
            \(suites.joined(separator: "\n"))
            </testsuites>

            """
    }

    private func suite(_ score: AgentScore, _ runs: [RunReport]) -> String {
        let failed = runs.count { !$0.passed && !isInvalid($0) }
        let head = """
            name="\(Markup.escaped(score.agent))" tests="\(runs.count)" failures="\(failed)" errors="0" \
            skipped="\(runs.count(where: isInvalid))" time="\(runs.reduce(0) { $0 + seconds($1) })"
            """
        return (["  <testsuite \(head)>"] + runs.map(testcase) + ["  </testsuite>"]).joined(separator: "\n")
    }

    private func testcase(_ run: RunReport) -> String {
        let name = "\(run.scenario) seed \(run.seed)"
        let head = """
            classname="\(Markup.escaped(run.contestant))" name="\(Markup.escaped(name))" time="\(seconds(run))"
            """
        let about = "\(run.verdict): \(run.reason)"
        if run.passed { return "    <testcase \(head)/>" }
        let word = isInvalid(run) ? "skipped" : "failure"
        return "    <testcase \(head)><\(word) message=\"\(Markup.escaped(about))\"/></testcase>"
    }

    private func isInvalid(_ run: RunReport) -> Bool { run.verdict == Verdict.invalid.rawValue }

    private func seconds(_ run: RunReport) -> Double {
        run.endedAt.map { (($0 - run.startedAt) * 10).rounded() / 10 } ?? 0
    }
}
