import OpsModel
import OpsSpec
import OpsYAML
import Testing

@Suite struct RunbookTests {
    private let now = Timestamp("2026-11-21T00:00:00Z") ?? .now()

    @Test func theShippedOnesAreSound() throws {
        let folder = try RunbookFolder.load("runbooks")
        #expect(folder.problems.isEmpty, "\(folder.problems.map(\.description).joined(separator: "\n"))")
        #expect(folder.runbooks.count >= 12)
        let names = Set(try Topology.load("compose/topology.yaml").components.map(\.name))
        let lint = RunbookLint(now: now, forbidden: names)
        let problems = folder.runbooks.flatMap(lint.problems)
        #expect(problems.isEmpty, "\(problems.map(\.description).joined(separator: "\n"))")
        #expect(folder.runbooks.allSatisfy { lint.warnings(of: $0).isEmpty })
    }

    @Test func keepsLinesForCitation() throws {
        let runbook = try Runbook.load("runbooks/postgres-requests-wait.md")
        let first = try #require(runbook.hypotheses.first)
        #expect(first.mechanism == .lockContention)
        #expect(first.lines == 19...26)
        #expect(runbook.sections.map(\.title).contains("Mitigation"))
        #expect(runbook.stopIf == [.repairsTried(2), .falls(Reference(path: ["journey", "good_ratio"]))])
    }

    @Test func expandsShortNames() throws {
        let runbook = try Runbook.load("runbooks/postgres-requests-wait.md")
        #expect(runbook.expanded(Reference(path: ["slow", "ratio"])).description == "pg.statement_vs_baseline.ratio")
        #expect(runbook.expanded(Reference(path: ["waiting"])).description == "pool.waiting{callers}")
    }

    @Test func findsEverythingAtOnce() {
        let text = """
            ---
            runbook: 1
            id: other
            title: T
            for: {kind: api}
            reviewed: yesterday
            symptoms: [s]
            look: {n: pg.blocker}
            hypotheses:
              - mechanism: lock-contenton
                for: [n >= 1, "pg.root_blocker.age > 2s", "m > 1 and 2"]
                repair:
                  - {action: terminate-session}
                  - {action: restart-db, with: {force: true}}
            stop_if: [tired]
            ---
            # T
            """
        do {
            _ = try Runbook.parse(text, file: "runbooks/t.md")
            Issue.record("accepted")
        } catch {
            let found = error.problems.map { "\($0.line): \($0.message)" }
            #expect(
                found == [
                    "3: the id is the file's name: t",
                    "5: a runbook is about a kind of component, not about 'api'",
                    "6: 'reviewed' is a day such as 2026-11-20",
                    "8: 'pg.blocker' is neither a read nor a name under 'look'",
                    "10: a symptom has two explanations or more; this runbook has 1",
                    "10: 'lock-contenton' is no mechanism",
                    "11: pg.root_blocker has no field 'age'",
                    "11: 'm > 1 and 2': the condition should end here; it has no and, or, not (character 7)",
                    "13: 'terminate-session' is no action",
                    "14: restart-db has no parameter 'force'",
                    "15: 'stop_if' knows 'two repairs tried' and 'READ falls after a repair'",
                ]
            )
            #expect(error.problems.first { $0.line == 10 && $0.hint != nil }?.hint == "did you mean 'lock-contention'?")
        }
    }

    @Test func lintWantsContradictionAndProse() throws {
        let text = """
            ---
            runbook: 1
            id: t
            title: T
            for: {kind: postgres}
            reviewed: 2024-01-01
            symptoms: [s]
            hypotheses:
              - {mechanism: query-slow, for: [pg.blockers >= 1], repair: [{escalate: x}]}
              - {mechanism: query-slow, for: ["pg.sessions{db} >= 1"], repair: [{escalate: x}]}
            ---
            # T
            """
        let runbook = try Runbook.parse(text, file: "t.md")
        let lint = RunbookLint(now: now, forbidden: ["db"])
        #expect(lint.problems(of: runbook).count == 4)
        #expect(lint.warnings(of: runbook).first?.message == "stale: last reviewed on 2024-01-01, more than a year ago")
    }
}
