import OpsModel
import Synchronization

@testable import ControlPlane

/// Observer and ActionPlane as the gate sees them: one action, which heals; an effect for each idempotency key.
final class PlayedWorld: Sendable {
    private struct State {
        var effects: [String: Int] = [:]
        var requests = 0
        var isSlow = false
    }

    private let state = Mutex(State())

    /// The effects by the command that had them; a repeated key has none.
    var effects: [String: Int] { state.withLock(\.effects) }
    /// How often something was asked to be done.
    var requests: Int { state.withLock(\.requests) }
    /// While set, ActionPlane says that the run goes on.
    var isSlow: Bool {
        get { state.withLock(\.isSlow) }
        set { state.withLock { $0.isSlow = newValue } }
    }

    static let catalogue = [
        ActionDescription(
            name: "clear-cache",
            version: 1,
            title: "Empty it",
            parameters: ["type": "object", "properties": ["component": ["type": "string", "enum": ["cache"]]]],
            kinds: ["directory"],
            risk: "low",
            downtimeS: 0,
            undo: "not needed",
            isReversible: true
        )
    ]

    static let view = AgentView(
        system: "shop",
        journeys: [ViewedJourney(name: "checkout", request: "POST /api/checkout", objective: 0.99, entry: "cache")],
        components: [ViewedComponent(name: "cache", kind: "directory")],
        actionsPerIncident: 4
    )

    static func proposal(refused: [Bool] = [false]) -> Proposal {
        let options = refused.map { isRefused in
            ProposedOption(
                title: "clear",
                steps: [ProposedStep(action: "clear-cache", parameters: ["refuse": .bool(isRefused)])]
            )
        }
        return Proposal(summary: "empty the cache", options: options)
    }

    var peers: Peers {
        Peers(
            read: { request in
                ReadReply(
                    answers: request.reads.map {
                        ReadAnswer(read: $0.read, component: $0.component, selector: $0.selector, status: .ok, value: 1)
                    }
                )
            },
            searchRunbooks: { _, _ in [] },
            runbook: { _ in .null },
            view: { Self.view },
            journeys: { _ in
                [JourneyStatus(journey: "checkout", objective: 0.99, windowS: 1, good: 100, bad: 0, at: .now())]
            },
            catalogue: { Self.catalogue },
            plan: { _, parameters in
                let isRefused = parameters["refuse"] == .bool(true)
                return ActionPlan(fingerprint: "f", refusals: isRefused ? ["the cache is empty"] : [])
            },
            act: { self.act($0) }
        )
    }

    private func act(_ command: OutboxCommand) -> ActionResult {
        let isRunning = state.withLock { state in
            state.requests += 1
            state.effects[command.id] = 1
            return state.isSlow
        }
        return ActionResult(
            run: "act-1",
            action: command.action,
            state: isRunning ? .running : .done,
            message: isRunning ? "the run has not ended" : "emptied",
            startedAt: .now()
        )
    }
}
