import OpsModel
import OpsTrust

/// What a person can do about a request that waits: say no here, and yes with a key of their own or, where that is enough, here.
struct DecisionForm {
    var card: ApprovalCard

    var section: HTML {
        """
        <h2>Say yes</h2>
        \(possible.map { card.attestable.contains($0.number) ? button($0) : "" })
        \(commands)
        <h2>Say no</h2>
        \(alert)
        <form method="post" action="/approvals/\(card.detail.approval.id)/reject">
        \(hidden("reject"))
        <label for="reason">Reason, for the agent</label>
        <textarea id="reason" name="reason" rows="3" maxlength="500" required>\(card.typed)</textarea>
        <button class="no">Reject</button>
        </form>
        """
    }

    /// What a form's token stands for.
    static func sealed(_ detail: ApprovalDetail, _ verb: String) -> [String] {
        [verb, detail.approval.id, detail.shownDigest]
    }

    private var possible: [ApprovalOption] { card.detail.options.filter { $0.refusal == nil } }

    private func hidden(_ verb: String) -> HTML {
        """
        <input type="hidden" name="digest" value="\(card.detail.shownDigest)">
        <input type="hidden" name="token" value="\(card.signIn.seal.token(Self.sealed(card.detail, verb)))">
        """
    }

    private func button(_ option: ApprovalOption) -> HTML {
        """
        <form method="post" action="/approvals/\(card.detail.approval.id)/approve">
        \(hidden("approve \(option.number)"))
        <input type="hidden" name="option" value="\(option.number)">
        <button class="yes">Approve option \(option.number)</button>
        <span class="note">recorded as attested: this sign-in's word, not your signature</span>
        </form>

        """
    }

    private var commands: HTML {
        let signed = possible.map { option -> HTML in
            "opslab approve \(card.detail.approval.id) --option \(option.number)\n"
        }
        return """
            <p>A yes that is signed with your own key needs nobody's word; the key stays with you. On your machine:</p>
            <pre>\(signed)</pre>
            """
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
