import OpsCommand
import OpsModel

extension ActionPlan {
    /// What would change, who would feel it and what it costs, as a person reads it; control characters are gone.
    var lines: [String] {
        let cost = "risk \(risk), downtime \(Int(downtimeS)) s, undo: \(undo)"
        let told = diff + ["who feels it: \(blastRadius)", cost] + refusals.map { "refused: \($0)" }
        return told.map { Terminal.clean($0) }
    }
}
