import OpsModel

/// The way back for the configuration of one component: a database has settings, others have a file.
protocol ConfigurationRollback: Sendable {
    /// Whose configuration it is.
    var component: String { get }
    /// Which of its configurations.
    var subject: ConfigurationSubject { get }
    var kind: String { get }

    func prepare(
        _ description: ActionDescription,
        _ parameters: [String: JSONValue]
    ) async throws(ActionError) -> PreparedAction
    func perform(_ step: ActionStep, of intent: Intent) async throws(ActionError)
    func state(of step: ActionStep, in intent: Intent) async throws(ActionError) -> StepState
    func postcheck(_ intent: Intent) async throws(ActionError) -> [String: JSONValue]
    func compensate(_ intent: Intent, through index: Int) async throws(ActionError)
}

/// What a configuration is about.
enum ConfigurationSubject: String, CaseIterable, Sendable {
    /// What the component goes by.
    case settings
    /// Where the names lead that it looks up.
    case hosts
}

extension ConfigurationRollback {
    var subject: ConfigurationSubject { .settings }
    func postcheck(_ intent: Intent) async throws(ActionError) -> [String: JSONValue] { [:] }
}
