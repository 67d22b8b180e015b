import OpsModel
import OpsSpec

/// What an agent says, under the true names.
///
/// Names are put back strictly, and so is every other word that a refusal may repeat, known or not: on its way out it becomes
/// again what the agent said. Sentences are put back as they were meant, for people alone.
extension Renaming {
    func back(_ diagnosis: Diagnosis) -> Diagnosis {
        var meant = diagnosis
        meant.component = back(diagnosis.component)
        meant.instance = diagnosis.instance.map(back)
        meant.statement = prose(diagnosis.statement)
        meant.evidence = diagnosis.evidence.map(back)
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
            evidence: proposal.evidence.map(back)
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
            evidence: escalation.evidence.map(back)
        )
    }

    private func back(_ step: ProposedStep) -> ProposedStep {
        ProposedStep(
            action: back(step.action),
            parameters: step.parameters.mapValues { $0.mapTexts(back) },
            expect: step.expect.map(prose)
        )
    }

    private func back(_ other: RuledOut) -> RuledOut {
        RuledOut(
            component: back(other.component),
            mechanism: other.mechanism,
            because: prose(other.because),
            evidence: other.evidence.map(back)
        )
    }

    private func back(_ option: RejectedOption) -> RejectedOption {
        RejectedOption(
            action: back(option.action),
            component: option.component.map(back),
            because: prose(option.because)
        )
    }
}
