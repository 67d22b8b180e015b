import OpsModel

/// What the agent holds to be the cause, what speaks for it, and what else it looked at.
struct CauseView {
    var diagnosis: Diagnosis?
    var evidence: [ReadAnswer]

    var section: HTML { "\(cause)\(answers)" }

    private var cause: HTML {
        guard let diagnosis else { return "<h2>Cause</h2>\n<p>The agent gave no diagnosis.</p>" }
        let place = diagnosis.instance ?? diagnosis.component
        let cited = diagnosis.citations.map { passage -> HTML in
            "<li><code>\(passage.path):\(passage.firstLine)-\(passage.lastLine)</code></li>\n"
        }
        let others = diagnosis.ruledOut.map { other -> HTML in
            "<li><bdi>\(other.component): \(other.mechanism)</bdi> — \(other.because)</li>\n"
        }
        return """
            <h2>Cause</h2>
            <p><strong><bdi>\(place): \(diagnosis.mechanism)</bdi></strong>, confidence \(diagnosis.confidence.rawValue)</p>
            <p>\(diagnosis.statement)</p>
            \(list("Runbooks", cited))
            \(list("Ruled out", others))
            """
    }

    private var answers: HTML { list("Evidence", evidence.map { "<li>\(RunNarrator.words($0))</li>\n" }) }

    private func list(_ title: String, _ items: [HTML]) -> HTML {
        items.isEmpty ? "" : "<h3>\(title)</h3>\n<ul>\(items)</ul>\n"
    }
}
