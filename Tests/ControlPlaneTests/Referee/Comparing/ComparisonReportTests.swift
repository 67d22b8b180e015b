import OpsModel
import OpsScenario
import OpsSpec
import Testing

@testable import ControlPlane

@Suite struct ComparisonReportTests {
    private static let hostile = "<script>alert('x')</script> & \"|\" \u{1B}[31m\u{0}"

    private func run(_ agent: String, _ verdict: Verdict, reason: String = "because") -> RunReport {
        RunReport(
            run: "run-1",
            scenario: "a",
            seed: 3,
            agent: agent,
            isolation: "I2",
            verdict: verdict.rawValue,
            passed: verdict.isPass,
            reason: reason,
            startedAt: Timestamp(secondsSinceEpoch: 10),
            endedAt: Timestamp(secondsSinceEpoch: 22.5),
            expectedCause: Cause(component: "db", mechanism: "lock-contention"),
            timeline: RunTimeline(
                moments: [RunMoment(atS: 2, type: "run.fault", message: reason)],
                journeys: [JourneyTrace(journey: "checkout", objective: 0.99, fromS: 0, good: [1, 0.5, nil, 0.97, 1])]
            )
        )
    }

    private var comparison: Comparison {
        Comparison(
            [run("spray", .collateral, reason: Self.hostile), run("spray", .invalid), run("builtin", .passed)],
            agents: ["spray", "builtin"],
            isWholeSuite: true
        )
    }

    @Test func foreignTextIsOnlyText() {
        #expect(Markup.escaped("<a href='x'>&\"") == "&lt;a href=&#39;x&#39;&gt;&amp;&quot;")
        #expect(Markup.escaped("a\u{1B}\u{0}\u{FFFE}b\n") == "a\u{FFFD}\u{FFFD}\u{FFFD}b\n")
        for text in [
            ComparisonPage(comparison: comparison).html, JUnitReport(comparison: comparison).xml,
            ComparisonMarkdown(comparison: comparison).text,
        ] {
            #expect(!text.contains("<script"))
            #expect(!text.unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\u{0}" })
        }
    }

    @Test func thePageNeedsNothingElse() {
        let html = ComparisonPage(comparison: comparison).html
        #expect(!html.contains("http://") && !html.contains("https://") && !html.contains("src="))
        #expect(html.contains("default-src 'none'"))
        #expect(html.contains("&lt;script&gt;"), "what was said is shown")
    }

    @Test func everyRunIsACaseAndWhatProvesNothingIsSkipped() {
        let lines = JUnitReport(comparison: comparison).xml.split(separator: "\n").map(String.init)
        let head = "name=\"spray\" tests=\"2\" failures=\"1\" errors=\"0\" skipped=\"1\" time=\"25.0\""
        #expect(lines.contains("  <testsuite \(head)>"))
        #expect(lines.count { $0.contains("<testcase ") } == 3)
        #expect(lines.count { $0.contains("<failure message=\"collateral: &lt;script") } == 1)
        #expect(lines.count { $0.contains("<skipped message=\"invalid: because\"/>") } == 1)
        #expect(lines.contains("    <testcase classname=\"builtin\" name=\"a seed 3\" time=\"12.5\"/>"))
    }

    @Test func markdownHasAllVerdictsOfACell() {
        let text = ComparisonMarkdown(comparison: comparison).text
        #expect(text.contains("| a | 3 | collateral, invalid | passed |"))
    }

    @Test func barsAreWhatFailedAndQuietSecondsHaveNone() throws {
        let timeline = try #require(run("x", .passed).timeline)
        let svg = TimelineDrawing(timeline: timeline).svg
        #expect(svg.split(separator: "<rect").count { $0.contains("class=\"bad\"") } == 1, "half of a second failed")
        #expect(svg.split(separator: "<rect").count { $0.contains("class=\"noise\"") } == 1, "the shop's own")
        #expect(svg.split(separator: "<rect").count { $0.contains("class=\"silent\"") } == 1, "nobody asked")
        #expect(svg.contains("aria-label=\"journeys over 5 seconds\""))
    }

    @Test func crowdedMomentsKeepTheirLinesAndLoseTheirNumbers() {
        let moments = (0..<20).map { RunMoment(atS: 50 + Double($0) / 100, type: "action.done", message: "x") }
        let svg = TimelineDrawing(timeline: RunTimeline(moments: moments, journeys: [])).svg
        #expect(svg.split(separator: "<line").count == 21)
        #expect(svg.split(separator: "<text x=").count == 3, "one number in each row")
    }

    @Test func anEmptyRunCanBeDrawn() {
        let svg = TimelineDrawing(timeline: RunTimeline(moments: [], journeys: [])).svg
        #expect(svg.hasPrefix("<svg") && svg.hasSuffix("</svg>") && !svg.contains("nan") && !svg.contains("inf"))
    }
}
