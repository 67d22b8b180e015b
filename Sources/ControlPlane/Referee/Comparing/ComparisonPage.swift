import OpsModel
import OpsScenario

/// A comparison as one HTML page that needs nothing else: no script, no font, no network.
struct ComparisonPage {
    var comparison: Comparison

    var html: String {
        """
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><title>Agents compared</title>
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <style>\(Self.style)</style></head><body>
        <h1>Agents compared</h1>
        \(comparison.runsLeft > 0 ? "<p class=\"breach\">Partial: \(comparison.runsLeft) runs are still to be judged</p>" : "")
        \(comparison.breaches.map { "<p class=\"breach\">Too easy: \(Markup.escaped($0))</p>" }.joined())
        <div class="wide"><table><thead><tr>\(cells("th", ScoreCells.headings))</tr></thead>
        <tbody>\(comparison.agents.map { "<tr>\(cells("td", ScoreCells(score: $0).cells))</tr>" }.joined())</tbody></table></div>
        <p class="small">\(Markup.escaped(ScoreCells.legend(comparison)))</p>
        <p class="small">A bar is the share of a journey's requests that failed in that second; a gap is a second without \
        requests. Numbers are what happened: dotted lines the referee's doing, whole ones the incident's.</p>
        \(comparison.scenarios.map(section).joined(separator: "\n"))
        </body></html>

        """
    }

    private func section(_ scenario: String) -> String {
        let runs = comparison.runs.filter { $0.scenario == scenario }
        return "<h2>\(Markup.escaped(scenario))</h2>" + runs.map(article).joined(separator: "\n")
    }

    private func article(_ run: RunReport) -> String {
        let cause = run.cause.map { "\($0.component) · \($0.mechanism)" } ?? "no cause named"
        let actions = run.actions.map { $0.isNeeded ? $0.action : "\($0.action) (unneeded)" }
        let done = actions.isEmpty ? "nothing done" : actions.joined(separator: ", ")
        return """
            <article class="\(run.passed ? "passed" : "failed")">
            <h3>\(Markup.escaped(run.contestant)) <span class="verdict">\(Markup.escaped(run.verdict))</span> \
            <span class="small">seed \(run.seed)</span></h3>
            <p>\(Markup.escaped(run.reason))</p><p class="small">\(Markup.escaped("\(cause) · \(done)"))</p>
            \(drawing(run))
            </article>
            """
    }

    private func drawing(_ run: RunReport) -> String {
        guard let timeline = run.timeline else { return "<p class=\"small\">no timeline: the run came to no end</p>" }
        let drawing = TimelineDrawing(timeline: timeline)
        return "\(drawing.svg)<details><summary>\(timeline.moments.count) moments</summary>\(drawing.legend)</details>"
    }

    private func cells(_ tag: String, _ words: [String]) -> String {
        words.map { "<\(tag)>\(Markup.escaped($0))</\(tag)>" }.joined()
    }

    private static let style = """
        :root{color-scheme:light dark;--line:#8884;--bad:#c62828;--good:#2e7d32;--ink:#8a8a8a}
        body{font:15px/1.45 system-ui,sans-serif;max-width:92rem;margin:2rem auto;padding:0 1rem}
        h1{font-size:1.5rem}h2{margin:2.2rem 0 .6rem;font-size:1.15rem}h3{margin:0;font-size:1rem}
        table{border-collapse:collapse;font-variant-numeric:tabular-nums}.wide{overflow-x:auto}
        th,td{padding:.3rem .6rem;text-align:right;border-bottom:1px solid var(--line);white-space:nowrap}
        th:first-child,td:first-child{text-align:left}.small{font-size:.85rem;opacity:.75}
        article{border:1px solid var(--line);border-left:5px solid var(--bad);border-radius:4px;padding:.6rem .9rem;margin:.7rem 0}
        article.passed{border-left-color:var(--good)}article p{margin:.2rem 0}
        .verdict{font-family:ui-monospace,monospace;color:var(--bad)}.passed .verdict{color:var(--good)}
        .breach{color:var(--bad);font-weight:600}svg{width:100%;height:auto;display:block}
        svg text{font-size:9px;fill:currentColor;text-anchor:middle}svg .name{text-anchor:end;font-size:11px}
        svg .strip{fill:var(--good);opacity:.13}svg .silent{fill:Canvas}svg .bad{fill:var(--bad)}svg .noise{fill:var(--ink)}
        svg line{stroke:currentColor;stroke-width:1;opacity:.55}svg line.referee{stroke-dasharray:2 2;opacity:.3}
        svg .tick{opacity:.6}ol{margin:.4rem 0}code{font-size:.85em}
        """
}
