internal import OpsModel
internal import OpsSpec

/// From a cause to the end.
extension ResponseStateMachine {
    mutating func plan(_ hypothesis: AssessedHypothesis) -> Step {
        let writer = DiagnosisWriter(ranked: candidates, symptoms: symptoms, now: now)
        guard incident.actionsLeft > 0 else {
            return handOver("no more actions may be taken in this incident", about: hypothesis)
        }
        if let limit = repairLimit(hypothesis), repairsTried >= limit {
            return handOver("\(repairsTried) repairs were tried; the runbook says to stop", about: hypothesis)
        }
        let planner = Planner(
            actions: incident.actions,
            board: board,
            ranked: assessor.ranked,
            actionsLeft: incident.actionsLeft
        )
        switch planner.plan(for: hypothesis, statement: writer.statement(hypothesis)) {
        case .escalate(let reason): return handOver(reason, about: hypothesis)
        case .propose(var proposal):
            if let objection = objections[hypothesis.key] {
                for index in proposal.options.indices {
                    proposal.options[index].why += "; asked again, because \(objection)"
                }
            }
            current = hypothesis.key
            phase = .proposing
            return .propose(proposal)
        }
    }

    private func repairLimit(_ hypothesis: AssessedHypothesis) -> Int? {
        hypothesis.binding.runbook.stopIf.compactMap { rule in
            if case .repairsTried(let count) = rule { count } else { nil }
        }.min()
    }

    mutating func received(_ receipt: ProposalReceipt) -> Step {
        concluded(ProposalOutcome(proposal: receipt.proposal, state: receipt.state, reason: receipt.reason))
    }

    mutating func concluded(_ outcome: ProposalOutcome) -> Step {
        let words = outcome.reason.map { ": \($0)" } ?? ""
        switch outcome.state {
        case .pending, .running, .verifying:
            phase = .waiting
            return .wait(proposal: outcome.proposal)
        case .recovered: return finish("recovered")
        case .done: return finish("the incident was ended by somebody else\(words)")
        case .superseded: return finish("the question is void\(words)")
        case .notRecovered, .notDone: return repairFailed(outcome)
        case .denied: return refused(outcome)
        case .expired: return handOver("nobody decided in time\(words)", about: currentHypothesis)
        case .blocked: return blocked(outcome)
        case .simulated: return handOver("the policy does not let the agent act\(words)", about: currentHypothesis)
        case .unknown: return handOver("nobody can say whether the action was done\(words)", about: currentHypothesis)
        }
    }

    private mutating func repairFailed(_ outcome: ProposalOutcome) -> Step {
        // A grant that a drifted fact has burnt says nothing about the repair: once more, after a fresh look.
        let isNothingDone = outcome.steps.allSatisfy { [.notDone, .refused].contains($0.state) }
        let isUntouched = outcome.state == .notDone && isNothingDone
        let wasTaken = outcome.steps.contains { $0.state == .done }
        if let current, wasTaken { objections[current] = nil }
        if let current, isUntouched { objections[current] = "it was not done: \(Self.shortened(outcome))" }
        if isUntouched, let current, missed.insert(current).inserted {
            return again("the repair could not be made as it was planned")
        }
        repairsTried += 1
        if let current { failed.insert(current) }
        return again(wasTaken ? "the repair was made and did not help" : "the repair could not be made")
    }

    /// Nobody was asked: agents may not act, or what was seen a moment ago is so no longer.
    ///
    /// A fresh look tells which.
    private mutating func blocked(_ outcome: ProposalOutcome) -> Step {
        let reason = "the repair cannot be made now: \(Self.shortened(outcome))"
        guard let current, missed.insert(current).inserted else { return handOver(reason, about: currentHypothesis) }
        return again(reason)
    }

    private mutating func refused(_ outcome: ProposalOutcome) -> Step {
        if let current {
            denied[current, default: 0] += 1
            objections[current] = Self.refusal(outcome)
        }
        guard denied.values.reduce(0, +) < patience.denials else {
            return handOver("a person refused\(outcome.reason.map { ": \($0)" } ?? "")", about: currentHypothesis)
        }
        return again("a person refused")
    }

    /// A person's no in the words that the next reader hears.
    static func refusal(_ outcome: ProposalOutcome) -> String { "a person refused before: \(shortened(outcome))" }

    private static func shortened(_ outcome: ProposalOutcome) -> String {
        let words = outcome.reason ?? "without a reason"
        return words.count > 200 ? "\(words.prefix(200))…" : words
    }

    /// Starts over with a fresh look; what failed is not proposed again.
    private mutating func again(_ reason: String) -> Step {
        lastReason = reason
        bindings = []
        looks = sparedLooks + patience.looks / 2
        favourite = nil
        phase = .pausing
        return .pause(milliseconds: patience.pause)
    }

    var currentHypothesis: AssessedHypothesis? {
        assessor.ranked.first { $0.key == current }
    }

    mutating func handOver(_ reason: String, about hypothesis: AssessedHypothesis?) -> Step {
        phase = .escalating
        let tried = repairsTried > 0 ? "\(repairsTried) repairs were tried before" : nil
        // The reason itself tells of the last refusal where it is one.
        let subject = hypothesis?.key ?? current
        let before = reason.hasPrefix("a person refused") ? nil : subject.flatMap { objections[$0] }
        let history = [reason, tried, before].compactMap(\.self).joined(separator: "; ")
        lastReason = "escalated: \(history)"
        return .escalate(
            DiagnosisWriter(ranked: assessor.ranked, symptoms: symptoms, now: now).escalation(
                history,
                about: hypothesis
            )
        )
    }
}
