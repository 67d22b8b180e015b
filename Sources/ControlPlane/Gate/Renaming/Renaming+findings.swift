import OpsModel
import OpsSpec

/// What an agent says, under the true names: fields that hold names are put back strictly, sentences as they were meant.
extension Renaming {
    func back(_ diagnosis: Diagnosis) -> Diagnosis {
        var meant = diagnosis
        meant.component = back(diagnosis.component)
        meant.instance = diagnosis.instance.map(back)
        meant.statement = prose(diagnosis.statement)
        meant.ruledOut = diagnosis.ruledOut.map(back)
        return meant
    }

    func back(_ proposal: Proposal) -> Proposal {
        Proposal(
            summary: prose(proposal.summary),
            options: proposal.options.map { option in
                ProposedOption(title: prose(option.title), why: prose(option.why), steps: option.steps.map(back))
            },
            rejected: proposal.rejected.map(back),
            evidence: proposal.evidence
        )
    }

    func back(_ escalation: Escalation) -> Escalation {
        Escalation(
            reason: prose(escalation.reason),
            component: escalation.component.map(back),
            mechanism: escalation.mechanism,
            found: escalation.found.map(prose),
            ruledOut: escalation.ruledOut.map(back),
            notDone: escalation.notDone.map(back),
            evidence: escalation.evidence
        )
    }

    private func back(_ step: ProposedStep) -> ProposedStep {
        ProposedStep(
            action: step.action,
            parameters: step.parameters.mapValues { $0.mapTexts(back) },
            expect: step.expect.map(prose)
        )
    }

    private func back(_ other: RuledOut) -> RuledOut {
        RuledOut(
            component: back(other.component),
            mechanism: other.mechanism,
            because: prose(other.because),
            evidence: other.evidence
        )
    }

    private func back(_ option: RejectedOption) -> RejectedOption {
        RejectedOption(action: option.action, component: option.component.map(back), because: prose(option.because))
    }
}
