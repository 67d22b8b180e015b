import OpsModel

/// One option with all of its steps: what would change, who would feel it, what it costs, how it is taken back.
struct OptionView {
    var option: ApprovalOption
    /// What was asked, and who has said yes so far.
    var asked: Approval

    var article: HTML {
        """
        <article>
        <h3>\(option.number). <bdi>\(option.title)</bdi></h3>
        <p>\(option.why)</p>
        \(refusal)
        \(option.requiredFrom.map(requirement))
        \(option.wantedPeople(asked).map { words -> HTML in "<p>\(words)</p>\n" })
        \(option.steps.map(step))
        </article>

        """
    }

    private var refusal: HTML {
        guard let refusal = option.refusal else { return "" }
        return #"<p class="alert">Cannot run now: \#(refusal)</p>"#
    }

    private func requirement(_ wanted: ApproverRequirement) -> HTML {
        "<p>To be approved by \(wanted.from.joined(separator: " or ")): policy \(wanted.policy)</p>\n"
    }

    private func step(_ step: ApprovalStep) -> HTML {
        let plan = step.plan
        let downtime = plan.downtimeS > 0 ? "about \(seconds(plan.downtimeS))" : "none"
        return """
            <p><strong><code>\(step.action)</code></strong> <code>\(words(step.parameters))</code></p>
            <dl>
            <dt>Risk</dt><dd>\(plan.risk)</dd>
            <dt>Downtime</dt><dd>\(downtime)</dd>
            <dt>Who feels it</dt><dd>\(plan.blastRadius)</dd>
            <dt>Undo</dt><dd>\(plan.undo)</dd>
            </dl>
            \(changes(plan.diff))
            """
    }

    private func changes(_ lines: [String]) -> HTML {
        let shown = lines.map { line -> HTML in "\(line)\n" }
        return lines.isEmpty ? "" : "<p>What changes:</p>\n<pre>\(shown)</pre>\n"
    }

    /// The parameters by name, as JSON.
    private func words(_ parameters: [String: JSONValue]) -> String {
        (try? OpsJSON.string(JSONValue.object(parameters))) ?? ""  // plain JSON always encodes
    }
}
