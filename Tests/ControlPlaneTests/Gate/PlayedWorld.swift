import OpsHTTP
import OpsModel
import Synchronization

@testable import ControlPlane

/// Observer and ActionPlane as the gate sees them: one action, which heals; an effect for each idempotency key.
final class PlayedWorld: Sendable {
    private struct State {
        var effects: [String: Int] = [:]
        var requests = 0
        var grants: Set<String> = []
        var isSlow = false
        var hasBlocker = false
        var isAway = false
    }

    private let state = Mutex(State())

    /// The effects by the command that had them; a repeated key has none.
    var effects: [String: Int] { state.withLock(\.effects) }
    /// How often something was asked to be done.
    var requests: Int { state.withLock(\.requests) }
    /// The grants that came with them.
    var grants: Set<String> { state.withLock(\.grants) }
    /// While set, ActionPlane says that the run goes on.
    var isSlow: Bool {
        get { state.withLock(\.isSlow) }
        set { state.withLock { $0.isSlow = newValue } }
    }

    /// While set, there is a database in which sessions wait for a forgotten one.
    var hasBlocker: Bool {
        get { state.withLock(\.hasBlocker) }
        set { state.withLock { $0.hasBlocker = newValue } }
    }

    /// While set, neither Observer nor ActionPlane can answer a question.
    var isAway: Bool {
        get { state.withLock(\.isAway) }
        set { state.withLock { $0.isAway = newValue } }
    }

    private func answering<Answer>(_ answer: () -> Answer) throws -> Answer {
        guard !isAway else { throw RemoteError(status: 503, code: "target_unreadable", message: "a secret of its own") }
        return answer()
    }

    static let catalogue = [
        action(
            "clear-cache",
            parameters: ["type": "object", "properties": ["component": ["type": "string", "enum": ["cache"]]]]
        ),
        action("terminate-sessions", parameters: ["type": "object", "required": ["which"]]),
    ]

    private static func action(_ name: String, parameters: JSONValue) -> ActionDescription {
        ActionDescription(
            name: name,
            version: 1,
            title: "Heal it",
            parameters: parameters,
            kinds: ["directory"],
            risk: "low",
            downtimeS: 0,
            undo: "not needed",
            isReversible: true
        )
    }

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
                try self.answering { ReadReply(answers: request.reads.map(self.answer)) }
            },
            searchRunbooks: { _, _ in [] },
            runbook: { _ in .null },
            view: { try self.answering { self.view } },
            journeys: { _ in
                [JourneyStatus(journey: "checkout", objective: 0.99, windowS: 1, good: 100, bad: 0, at: .now())]
            },
            catalogue: { try self.answering { Self.catalogue } },
            plan: { _, parameters in
                let isRefused = parameters["refuse"] == .bool(true)
                return try self.answering {
                    ActionPlan(fingerprint: "f", refusals: isRefused ? ["the cache is empty"] : [])
                }
            },
            act: { self.act($0) }
        )
    }

    private var view: AgentView {
        let database = ViewedComponent(name: "db", kind: "postgres", instances: ["db-1"])
        return AgentView(
            system: "shop",
            journeys: [ViewedJourney(name: "checkout", request: "POST /api/checkout", objective: 0.99, entry: "cache")],
            components: [ViewedComponent(name: "cache", kind: "directory")] + (hasBlocker ? [database] : []),
            actionsPerIncident: 4
        )
    }

    private func answer(_ query: ReadQuery) -> ReadAnswer {
        let isBlocker = hasBlocker && query.read == "pg.root_blocker"
        let fields: [String: JSONValue] = isBlocker ? ["owner": "report", "kind": "service", "xact_age": 3.6] : [:]
        return ReadAnswer(
            read: query.read,
            component: query.component,
            selector: query.selector,
            status: .ok,
            value: 1,
            fields: fields
        )
    }

    private func act(_ command: OutboxCommand) -> ActionResult {
        let isRunning = state.withLock { state in
            state.requests += 1
            state.grants.insert(command.grant)
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
