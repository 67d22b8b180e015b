import OpsModel
import OpsRuntime
import OpsScenario

/// What one run is asked to be.
struct ScenarioOrder: Sendable {
    var scenario: Scenario
    var seed: UInt64
    var autonomy: Autonomy = .approve
    /// How approvals are decided.
    var approver: ApproverScript = .approve
    /// Whose key signs.
    var person: String
    /// A known behaviour to be carried out instead of the built-in agent.
    var proof: Scenario.ProofEntry?
    /// Who works instead of the built-in agent: one that is known to be bad, or somebody's own for whom the referee speaks.
    var playedAgent: (any PlayedAgent)?
    /// Who is judged: `builtin`, `external` (somebody's own process), `proof`, a baseline by its name, or the way to an agent.
    var agent = "builtin"
    /// Its row in a table of several; nil where that is the agent's name.
    var row: String?
    /// What is kept from the agent beside what the scenario keeps from everybody.
    var handicap = Handicap()
    /// The runbooks that know its cause are among what is kept back: a repair would be a guess.
    var lacksItsRunbook = false
    /// The catalogue's names are exchanged by this, to see whether a name is ever known where it must not be.
    var aliasSeed: Int?
    /// A person at the terminal decides instead of a script.
    var isInteractive = false

    /// Whether the referee plays the agent's part.
    var isPlayed: Bool { proof != nil || playedAgent != nil }

    /// How the agent is kept from looking, in a lab of this level: a process that somebody started is not kept from anything.
    func isolation(in lab: Isolation) -> Isolation {
        if let own = playedAgent as? OutsideAgent { return own.isolation(in: lab) }
        return agent == "external" ? .interface : lab
    }

    /// All that is kept from the agent.
    var keptBack: Handicap {
        var all = handicap
        all.withheldRunbooks += scenario.withheld.runbooks.filter { !all.withheldRunbooks.contains($0) }
        all.withheldReads += scenario.withheld.reads.filter { !all.withheldReads.contains($0) }
        return all
    }

    /// Whether the run has a page that is about nothing, for behaviours that would act on one.
    var hasFalsePage: Bool {
        scenario.expect.end == .untouched && scenario.expect.page == nil && proof?.actions.isEmpty == false
    }

    /// How the run has to end.
    ///
    /// A person who never answers must leave everything untouched and be called; so must a cause that no runbook knows.
    var end: Scenario.End {
        let isSilent = approver.isSilent && autonomy == .approve && proof == nil
        return (isSilent || lacksItsRunbook) && scenario.expect.end == .repaired ? .escalated : scenario.expect.end
    }
}
