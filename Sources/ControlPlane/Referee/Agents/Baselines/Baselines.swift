import OpsScenario
import OpsSpec

/// The agents that have to lose, by their public names.
enum Baselines {
    static let names = ["do-nothing", "restart-all", "spray", "alert-lookup"]

    /// Nil for a name that is none of theirs.
    ///
    /// What is learnt is learnt from the whole public set, on the topology of the lab.
    static func agent(named name: String, publicSet: [Scenario], topology: Topology) -> (any PlayedAgent)? {
        switch name {
        case "do-nothing": DoNothing()
        case "restart-all": RestartAll()
        case "spray": Spray()
        case "alert-lookup": AlertLookup(learningFrom: publicSet, on: topology)
        default: nil
        }
    }
}
