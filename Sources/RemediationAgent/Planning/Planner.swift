internal import OpsModel
internal import OpsSpec

/// Decides what to ask for once a cause is held: an option that the runbook gives, or a person.
struct Planner: Sendable {
    /// What comes out.
    enum Plan: Sendable {
        case propose(Proposal)
        case escalate(String)
    }

    let actions: [ActionDescription]
    let board: EvidenceBoard
    /// All hypotheses, the best first.
    let ranked: [AssessedHypothesis]
    let actionsLeft: Int

    /// The plan for a hypothesis.
    func plan(for hypothesis: AssessedHypothesis, statement: String) -> Plan {
        switch steps(hypothesis) {
        case .impossible(let reason): return .escalate(reason)
        case .steps(let steps) where steps.count > actionsLeft:
            return .escalate("the repair takes \(steps.count) actions, and \(actionsLeft) are left for this incident")
        case .steps(let steps):
            let option = ProposedOption(title: title(steps), why: why(hypothesis, steps), steps: steps)
            return .propose(
                Proposal(
                    summary: statement,
                    options: [option] + alternatives(to: steps, hypothesis),
                    rejected: rejected(hypothesis, proposed: Set(steps.map(\.action))),
                    evidence: hypothesis.evidence
                )
            )
        }
    }

    /// Steps in the order of the runbook.
    ///
    /// A step whose `only_if` does not hold is left out; `unless`, and an `escalate` that is reached with nothing to do,
    /// hand over.
    private func steps(_ hypothesis: AssessedHypothesis) -> StepBuilder.Outcome {
        let builder = StepBuilder(actions: actions, hypothesis: hypothesis, board: board)
        let resolver = BoundResolver(binding: hypothesis.binding, board: board)
        var steps: [ProposedStep] = []
        for repair in hypothesis.hypothesis.repair {
            switch repair {
            case .escalate(let reason):
                return steps.isEmpty ? .impossible(reason) : .steps(steps)
            case .action(let action):
                if let reason = action.unless.first(where: { $0.evaluate(with: resolver) == .yes }) {
                    return .impossible("\(action.action) is wrong here: \(reason)")
                }
                guard action.onlyIf.allSatisfy({ $0.evaluate(with: resolver) == .yes }) else { continue }
                switch builder.steps(for: action) {
                case .steps(let more): steps += more
                case .impossible(let reason): return steps.isEmpty ? .impossible(reason) : .steps(steps)
                }
            }
        }
        return steps.isEmpty ? .impossible("the runbook knows no repair that fits") : .steps(steps)
    }

    /// Repairs that other runbooks give for the same cause, the least harmful first.
    private func alternatives(to steps: [ProposedStep], _ hypothesis: AssessedHypothesis) -> [ProposedOption] {
        var taken: [[ProposedStep]] = [steps]
        var options: [ProposedOption] = []
        for other in ranked where other.standing == .supported && other.key == hypothesis.key {
            guard case .steps(let more) = self.steps(other), more.count <= actionsLeft else { continue }
            guard !taken.contains(where: { $0.map(\.action) == more.map(\.action) }) else { continue }
            taken.append(more)
            options.append(ProposedOption(title: title(more), why: why(other, more), steps: more))
        }
        return options.sorted { harm($0.steps) < harm($1.steps) }
    }

    /// Actions that look tempting: what the runbook warns of, and what explanations that are ruled out would have asked for.
    private func rejected(_ hypothesis: AssessedHypothesis, proposed: Set<String>) -> [RejectedOption] {
        var rejected = hypothesis.binding.runbook.never.map { never in
            RejectedOption(action: never.action, component: hypothesis.component, because: never.because)
        }
        for other in ranked where other.standing == .refuted && other.weight > 0 {
            for case .action(let action) in other.hypothesis.repair {
                guard let against = other.refutations.first else { continue }
                let because = "it would treat \(other.component): \(other.mechanism.rawValue), and \(against.text)"
                rejected.append(RejectedOption(action: action.action, component: other.component, because: because))
            }
        }
        var seen = proposed
        return rejected.filter { seen.insert($0.action).inserted }.prefix(5).map(\.self)
    }

    private func harm(_ steps: [ProposedStep]) -> Double {
        steps.compactMap { step in actions.first { $0.name == step.action } }
            .reduce(0) { $0 + $1.downtimeS + (["low": 0, "medium": 10, "high": 100][$1.risk] ?? 10) }
    }

    private func title(_ steps: [ProposedStep]) -> String {
        steps.map { step in
            let target = step.parameters["instance"]?.stringValue ?? step.parameters["component"]?.stringValue
            let others = step.parameters.filter { !["component", "instance"].contains($0.key) }
            let details = others.sorted { $0.key < $1.key }.map { "\($0.key) \(text($0.value))" }
            return ([step.action, target].compactMap(\.self) + details).joined(separator: " ")
        }.joined(separator: ", then ")
    }

    private func why(_ hypothesis: AssessedHypothesis, _ steps: [ProposedStep]) -> String {
        let expected = steps.flatMap(\.expect)
        let promise = expected.isEmpty ? "" : "; afterwards \(unique(expected).joined(separator: " and "))"
        return "cures \(hypothesis.component): \(hypothesis.mechanism.rawValue)\(promise)"
    }

    private func text(_ value: JSONValue) -> String {
        value.stringValue ?? value.intValue.map { "\($0)" } ?? value.boolValue.map { "\($0)" } ?? "…"
    }
}
