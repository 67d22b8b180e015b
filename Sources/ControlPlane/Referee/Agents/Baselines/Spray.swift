import OpsHTTP
import OpsModel
import OpsScenario
import OpsSpec

/// Tries every action of the catalogue in its order, with every parameter that it must have, until the page is gone.
struct Spray: PlayedAgent {
    let name = "spray"
    /// The gate's words for an incident in which nothing more can be tried.
    private static let ends = [GateRefusal.Code.incidentClosed, .incidentUnknown, .claimLapsed, .actionsExhausted]
        .map(\.rawValue)

    func work(with hands: AgentHands) async throws {
        for option in Self.options(hands.incident.actions) {
            do {
                _ = try await hands.propose(option, isLast: false)
            } catch let error as RemoteError where error.status < 500 {
                if Self.ends.contains(error.code) { return }  // anything else was refused for itself: the next one
            }
        }
    }

    static func options(_ actions: [ActionDescription]) -> [ProposedOption] {
        actions.filter { ActionVocabulary.canonical($0.name) == $0.name }.flatMap { action in
            ActionForm(action).fillings.map {
                ProposedOption(title: action.title, steps: [ProposedStep(action: action.name, parameters: $0)])
            }
        }
    }
}
