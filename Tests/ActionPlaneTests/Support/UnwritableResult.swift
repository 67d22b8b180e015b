import OpsModel

@testable import ActionPlane

/// The real action with a result that no journal can hold: JSON has no word for a number that is none.
struct UnwritableResult: RemediationAction {
    let action: ClearCache

    var description: ActionDescription { action.description }
    var schema: ParameterSchema { action.schema }

    func prepare(_ parameters: [String: JSONValue]) async throws(ActionError) -> PreparedAction {
        try await action.prepare(parameters)
    }

    func perform(_ step: ActionStep, of intent: Intent) async throws(ActionError) {
        try await action.perform(step, of: intent)
    }

    func state(of step: ActionStep, in intent: Intent) async throws(ActionError) -> StepState {
        try await action.state(of: step, in: intent)
    }

    func postcheck(_ intent: Intent) async throws(ActionError) -> [String: JSONValue] { ["misses": .double(.nan)] }

    func cleanUp(_ intent: Intent) async throws(ActionError) { try await action.cleanUp(intent) }
}
