import OpsModel

/// One request as the person who decides reads it: what the command line shows, and the forms to decide.
struct ApprovalCard {
    var detail: ApprovalDetail
    /// The options for which the gate's word for a person is enough.
    var attestable: Set<Int> = []
    var signIn: SignIn
    var now: Timestamp
    /// What was wrong with the last try, and what had been typed.
    var problem: String?
    var typed = ""

    var page: HTML {
        let approval = detail.approval
        return PageFrame.document(
            approval.id,
            for: signIn,
            """
            <h1><bdi>\(approval.title)</bdi></h1>
            <p>\(approval.standing(at: now))</p>
            <p class="note">\(approval.id) for \(approval.incident), asked by <bdi>\(approval.requester)</bdi></p>
            \(reason)
            \(CauseView(diagnosis: detail.diagnosis, evidence: detail.evidence).section)
            <h2>Options</h2>
            \(detail.options.map { OptionView(option: $0, asked: approval).article })
            \(rejected)
            \(approval.isOpen(at: now) ? DecisionForm(card: self).section : "")
            """
        )
    }

    private var reason: HTML {
        guard let reason = detail.approval.reason, !reason.isEmpty else { return "" }
        return "<p>Reason: <q>\(reason)</q></p>"
    }

    private var rejected: HTML {
        guard !detail.rejected.isEmpty else { return "" }
        let items = detail.rejected.map { other -> HTML in
            "<li><code>\(other.action)</code> <bdi>\(other.component ?? "")</bdi>: \(other.because)</li>\n"
        }
        return "<h2>Not proposed</h2>\n<ul>\(items)</ul>"
    }
}
