import OpsModel
import Testing

@testable import ControlPlane

@Suite struct RunNarratorTests {
    private func answers(_ text: String) throws -> [ReadAnswer] {
        try OpsJSON.decode([ReadAnswer].self, from: text.utf8)
    }

    @Test func answersAreGroupedByWhomTheyAreAbout() throws {
        let lines = RunNarrator().lines(
            .looked(
                try answers(
                    """
                    [{"read": "pg.blockers", "component": "db", "status": "ok", "value": 3, "unit": "count", "age_s": 0.4},
                     {"read": "probe.latency", "component": "payments", "status": "ok", "value": 8.9381, "unit": "ms"},
                     {"read": "dns.answer", "component": "payments", "status": "unsupported"},
                     {"read": "pg.root_blocker", "component": "db", "status": "ok", "value": "4117", "age_s": 0.5}]
                    """
                )
            ),
            atS: 13.7
        )
        #expect(
            lines == [
                " 13.7 s  look      db        pg.blockers 3 · pg.root_blocker 4117   (0.5 s old)",
                "                   payments  probe.latency 8.94 ms",
            ]
        )
    }

    @Test func theCauseIsNotSaidTwice() {
        let diagnosis = Diagnosis(
            component: "db",
            mechanism: "lock-contention",
            confidence: .high,
            statement: "db: lock-contention, because blockers >= 1 (is 3)",
            evidence: [],
            citations: [Citation(runbook: "r", path: "runbooks/r.md", firstLine: 17, lastLine: 24)],
            ruledOut: [RuledOut(component: "api", mechanism: "process-down", because: "state == running (is running)")]
        )
        let lines = RunNarrator().lines(.diagnosed(diagnosis), atS: 2)
        #expect(lines[0] == "  2.0 s  CAUSE     db: lock-contention                     confidence high")
        #expect(lines[1] == "         for       blockers >= 1 (is 3)")
        #expect(lines[2] == "                   runbooks/r.md:17-24")
        #expect(lines[3] == "         not       api process-down              state == running (is running)")
    }

    @Test func foreignTextCannotMoveTheCursor() {
        let page = Escalation(reason: "look\u{1B}[2Jhere")
        let line = RunNarrator().lines(.escalated(page), atS: 0).joined()
        #expect(!line.unicodeScalars.contains { $0.value == 0x1B })
        #expect(line.contains("here"))
    }

    @Test(arguments: [(0.0, "0"), (0.083, "0.08"), (1.5, "1.5"), (12, "12"), (-0.5, "-0.5"), (2.999, "3")])
    func twoDecimalsAreEnough(_ number: Double, _ text: String) { #expect(hundredths(number) == text) }
}
