internal import OpsModel

/// Keeps what the agent says within what the gate takes: what it quotes, a log line or a person's words, may be of any length.
enum Brevity {
    /// Bytes of one text: half of what the gate takes, so that all of them together are not too many either.
    private static let limit = 2_000
    /// Options of one proposal, as many as the gate takes.
    private static let options = 8

    /// The text, or its beginning.
    static func cut(_ text: String) -> String {
        text.utf8.count > limit ? String(decoding: text.utf8.prefix(limit), as: UTF8.self) + "…" : text
    }

    static func cut(_ diagnosis: Diagnosis) -> Diagnosis {
        var brief = diagnosis
        brief.statement = cut(diagnosis.statement)
        brief.ruledOut = diagnosis.ruledOut.map(cut)
        return brief
    }

    static func cut(_ proposal: Proposal) -> Proposal {
        var brief = proposal
        brief.summary = cut(proposal.summary)
        brief.options = proposal.options.prefix(options).map(cut)
        brief.rejected = proposal.rejected.map(cut)
        return brief
    }

    static func cut(_ escalation: Escalation) -> Escalation {
        var brief = escalation
        brief.reason = cut(escalation.reason)
        brief.found = escalation.found.map(cut)
        brief.ruledOut = escalation.ruledOut.map(cut)
        brief.notDone = escalation.notDone.map(cut)
        return brief
    }

    private static func cut(_ option: ProposedOption) -> ProposedOption {
        ProposedOption(title: cut(option.title), why: cut(option.why), steps: option.steps)
    }

    private static func cut(_ other: RuledOut) -> RuledOut {
        var brief = other
        brief.because = cut(other.because)
        return brief
    }

    private static func cut(_ option: RejectedOption) -> RejectedOption {
        var brief = option
        brief.because = cut(option.because)
        return brief
    }
}
