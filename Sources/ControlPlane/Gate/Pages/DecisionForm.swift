import OpsModel
import OpsTrust

/// What a person can do about a request that waits: say no here, or yes with a key of their own.
struct DecisionForm {
    var card: ApprovalCard

    var section: HTML {
        """
        <h2>Say yes</h2>
        <p>A yes is signed with your own key, which stays with you: ActionPlane takes nobody's word for it, this page's neither.
        On your machine:</p>
        <pre>\(commands)</pre>
        <h2>Say no</h2>
        \(alert)
        <form method="post" action="/approvals/\(card.detail.approval.id)/reject">
        <input type="hidden" name="digest" value="\(card.detail.shownDigest)">
        <input type="hidden" name="token" value="\(card.signIn.seal.token(Self.sealed(card.detail)))">
        <label for="reason">Reason, for the agent</label>
        <textarea id="reason" name="reason" rows="3" maxlength="500" required>\(card.typed)</textarea>
        <button class="no">Reject</button>
        </form>
        """
    }

    /// What the form's token stands for.
    static func sealed(_ detail: ApprovalDetail) -> [String] { ["reject", detail.approval.id, detail.shownDigest] }

    private var commands: [HTML] {
        card.detail.options.filter { $0.refusal == nil }
            .map { "opslab approve \(card.detail.approval.id) --option \($0.number)\n" }
    }

    private var alert: HTML {
        guard let problem = card.problem else { return "" }
        return #"<p class="alert" role="alert">\#(problem)</p>"#
    }
}

extension ApprovalDetail {
    /// What a person was shown, so that a decision is never for something else.
    var shownDigest: String {
        let parts = [approval.id] + options.map { "\($0.number) \($0.digest) \($0.refusal == nil)" } + [approval.title]
        return Digest.sha256(parts.joined(separator: "\n")).hex
    }
}
