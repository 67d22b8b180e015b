import OpsModel

/// One entry of the closed catalogue: a typed repair that knows how to be planned, carried out, proven and taken back.
///
/// An action never decides whether it may run; that is settled before `perform` is called. Each `perform` changes the
/// world only if the facts of its step still hold.
protocol RemediationAction: Sendable {
    /// What the catalogue says about it; constant while the process lives.
    var description: ActionDescription { get }
    /// What it may be called with.
    var schema: ParameterSchema { get }

    /// Reads the typed facts and works out the steps. Changes nothing.
    func prepare(_ parameters: [String: JSONValue]) async throws(ActionError) -> PreparedAction

    /// Puts aside what must survive a crash before the first effect, such as a new secret; returns what the steps need.
    func stage(_ prepared: PreparedAction, run: String) async throws(ActionError) -> PreparedAction

    /// Carries out one step, conditionally on the facts of its plan.
    func perform(_ step: ActionStep, of intent: Intent) async throws(ActionError)

    /// Reads the world: has this step happened? This is the marker after a crash, and the read-back before `done`.
    func state(of step: ActionStep, in intent: Intent) async throws(ActionError) -> StepState

    /// Looks whether the whole repair serves its purpose; what it returns goes into the result.
    func postcheck(_ intent: Intent) async throws(ActionError) -> [String: JSONValue]

    /// Takes back the steps up to and including the one with this index, if the action can be taken back.
    func compensate(_ intent: Intent, through index: Int) async throws(ActionError)

    /// Removes what was put aside, once the run has ended for good.
    func cleanUp(_ intent: Intent) async throws(ActionError)
}

extension RemediationAction {
    var name: String { description.name }

    func stage(_ prepared: PreparedAction, run: String) async throws(ActionError) -> PreparedAction { prepared }

    func postcheck(_ intent: Intent) async throws(ActionError) -> [String: JSONValue] { [:] }

    func compensate(_ intent: Intent, through index: Int) async throws(ActionError) {
        throw ActionError(.notPermitted, "\(name) cannot be taken back: \(description.undo)")
    }

    func cleanUp(_ intent: Intent) async throws(ActionError) {}
}
