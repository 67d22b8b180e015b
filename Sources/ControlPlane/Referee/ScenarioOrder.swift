import OpsModel
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
    /// An agent that is known to be bad, played by the referee instead of the built-in one.
    var baseline: (any PlayedAgent)?
    /// Who is judged: `builtin`, `external` (somebody's own process), `proof`, or a baseline by its name.
    var agent = "builtin"
    /// What is kept from the agent.
    var handicap = Handicap()
    /// A person at the terminal decides instead of a script.
    var isInteractive = false

    /// Whether the referee plays the agent's part.
    var isPlayed: Bool { proof != nil || baseline != nil }

    /// How the run has to end: a person who never answers must leave everything untouched and be called.
    var end: Scenario.End {
        let isSilent = approver.isSilent && autonomy == .approve && proof == nil
        return isSilent && scenario.expect.end == .repaired ? .escalated : scenario.expect.end
    }
}
