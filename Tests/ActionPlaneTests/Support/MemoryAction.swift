import OpsModel
import OpsRuntime
import Synchronization

@testable import ActionPlane

/// A switch in memory that counts how often it was thrown.
final class MemoryAction: RemediationAction {
    private struct State {
        var value = "off"
        var effects = 0
    }

    private let state = Mutex(State())
    var effects: Int { state.withLock { $0.effects } }
    var value: String { state.withLock { $0.value } }

    func set(_ value: String) { state.withLock { $0.value = value } }

    var schema: ParameterSchema {
        ParameterSchema(properties: [.init(name: "to", kind: .word(["on", "off"]), summary: "", isRequired: true)])
    }

    var description: ActionDescription {
        ActionDescription(
            name: "toggle",
            version: 1,
            title: "Throw a switch",
            parameters: schema.json,
            kinds: [],
            risk: "low",
            downtimeS: 0,
            undo: "throw it back",
            isReversible: false
        )
    }

    func prepare(_ parameters: [String: JSONValue]) async throws(ActionError) -> PreparedAction {
        PreparedAction(
            of: description,
            // A fact that never drifts: here it is the grant alone that must keep the effect from happening twice.
            facts: ["to": parameters["to"] ?? .null],
            diff: [],
            blastRadius: "",
            claims: [.directory("switch"): nil],
            steps: [ActionStep("set", "switch", before: ["to": parameters["to"] ?? .null])]
        )
    }

    func perform(_ step: ActionStep, of intent: Intent) async throws(ActionError) {
        state.withLock {
            $0.value = step.to
            $0.effects += 1
        }
    }

    func state(of step: ActionStep, in intent: Intent) async throws(ActionError) -> StepState {
        value == step.to ? .after : .before
    }
}
