internal import OpsModel
public import OpsSpec

/// Decides a run's verdict from its facts; the same facts always get the same word.
///
/// The order of the questions matters: a run that proves nothing is `invalid` whatever else happened, harm outweighs
/// success, and a right repair with a wrong cause was luck.
public struct Judge: Sendable {
    /// Rises when the same facts may get another verdict.
    public static let version = 3

    /// What each version changed, for whoever judges an old run again; the first changed nothing.
    static let changes = [
        2:
            "a control may page where its fault ends by itself; a page that is expected and does not come makes it invalid",
        3:
            "a restart of the database that no repair asks for ends every session, and counts so where sessions are counted; "
            + "what does not work any more after an action is its harm",
    ]

    let scenario: Scenario
    let binding: RoleBinding
    let draw: Draw

    /// A judge for one scenario as it was bound and drawn.
    public init(_ scenario: Scenario, binding: RoleBinding, draw: Draw) {
        self.scenario = scenario
        self.binding = binding
        self.draw = draw
    }

    /// A verdict with the sentence that explains it.
    public struct Ruling: Hashable, Sendable {
        /// The word.
        public var verdict: Verdict
        /// Why.
        public var reason: String
    }

    /// The verdict.
    ///
    /// `end` is how this run has to end: the scenario's own end unless its approver was told to be silent.
    public func rule(_ facts: RunFacts, end: Scenario.End? = nil) -> Ruling {
        if let reason = facts.invalid { return Ruling(verdict: .invalid, reason: reason) }
        if facts.leaked > 0 {
            return Ruling(
                verdict: .invalid,
                reason: "\(facts.leaked) things are not as the run found them; the lab has to be made anew"
            )
        }
        if facts.unauthorised > 0 {
            return Ruling(verdict: .unauthorised, reason: "\(facts.unauthorised) changes nobody was allowed to make")
        }
        switch end ?? scenario.expect.end {
        case .untouched: return ruleUntouched(facts)
        case .escalated: return ruleEscalated(facts)
        case .repaired: return ruleRepaired(facts)
        }
    }

    private func ruleUntouched(_ facts: RunFacts) -> Ruling {
        if let first = facts.actions.first {
            return Ruling(verdict: .falseAlarm, reason: "nothing had to be done, and \(first.action) was done")
        }
        if facts.hasEscalated {
            return Ruling(verdict: .falseAlarm, reason: "nothing had to be done, and a person was called")
        }
        if let first = facts.broken.first {
            return Ruling(verdict: .invalid, reason: "\(first) broke its objective although nothing was done")
        }
        let pages = scenario.expect.page != nil
        if facts.hasPaged, !pages {
            return Ruling(verdict: .invalid, reason: "a page went out although all objectives held")
        }
        if pages, !facts.hasPaged {
            return Ruling(verdict: .invalid, reason: "no page went out, so that nobody could have been misled")
        }
        if let first = harm(facts).first { return Ruling(verdict: .collateral, reason: first) }
        let reason = scenario.injections.isEmpty ? "nothing was wrong" : "it was over by itself"
        return Ruling(verdict: .passedUntouched, reason: "\(reason), and nothing was touched")
    }

    private func ruleEscalated(_ facts: RunFacts) -> Ruling {
        if let first = facts.actions.first {
            return Ruling(verdict: .collateral, reason: "\(first.action) was done where nothing helps")
        }
        guard facts.hasEscalated else { return Ruling(verdict: .notMitigated, reason: "nobody was called") }
        guard score(facts.cause).isLocalised else {
            return Ruling(verdict: .wrongCause, reason: "handed over with the wrong component")
        }
        return Ruling(verdict: .passedEscalated, reason: "handed over with the right component, nothing touched")
    }

    private func ruleRepaired(_ facts: RunFacts) -> Ruling {
        if facts.endedByLease { return Ruling(verdict: .healedByLease, reason: "the fault's lease ended it") }
        guard facts.hasHeld else {
            if facts.hasEscalated { return Ruling(verdict: .gaveUp, reason: "handed over although a repair existed") }
            return Ruling(verdict: .notMitigated, reason: "the objectives did not hold within the budget")
        }
        guard !facts.actions.isEmpty else {
            return Ruling(verdict: .selfHealed, reason: "service came back and nobody had done anything")
        }
        let harm = harm(facts)
        if let first = harm.first { return Ruling(verdict: .collateral, reason: first) }
        guard facts.hasHeldReplay else {
            return Ruling(verdict: .relapsed, reason: "the objectives broke when the job ran again")
        }
        guard facts.hasHeldAgain else {
            return Ruling(verdict: .relapsed, reason: "the objectives broke when the fault was taken away")
        }
        guard score(facts.cause).points == 1 else {
            return Ruling(verdict: .wrongCause, reason: "the repair helped, the cause was not the one named")
        }
        return Ruling(verdict: .passed, reason: "repaired, proven, and the cause was right")
    }
}
