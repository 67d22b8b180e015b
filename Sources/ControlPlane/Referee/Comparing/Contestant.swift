/// One row of a comparison: an agent, and what it works under.
struct Contestant: Hashable, Sendable {
    var name: String
    var agent: String
    var conditions = Conditions()
    /// Whether it leaves out scenarios in which nothing is broken.
    var sparesControls = false

    /// An agent under its own name.
    init(_ agent: String, under conditions: Conditions = Conditions()) {
        self.init(name: agent, agent: agent, under: conditions)
    }

    init(name: String, agent: String, under conditions: Conditions) {
        self.name = name
        self.agent = agent
        self.conditions = conditions
        // Where nothing is broken there is no cause that a runbook could know.
        sparesControls = conditions.isLeaveOneOut
    }
}
