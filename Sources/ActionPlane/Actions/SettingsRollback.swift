import OpsModel
import OpsPostgres
import OpsRuntime

/// Takes away the settings that a database has of its own, so that those of its server hold again.
///
/// Only settings that the topology declares are touched. Sessions keep what they were given when they began, so those of
/// ordinary roles are ended afterwards and open anew; whoever administers or observes keeps theirs.
struct SettingsRollback: ConfigurationRollback {
    let database: Target.Database
    private let desk: DatabaseDesk

    init(_ database: Target.Database) {
        self.database = database
        desk = DatabaseDesk(configuration: database.administration)
    }

    var component: String { database.component }
    var kind: String { "postgres" }

    func prepare(
        _ description: ActionDescription,
        _ parameters: [String: JSONValue]
    ) async throws(ActionError) -> PreparedAction {
        let settings = DatabaseSettings(names: database.settings)
        let live = try await desk.visit { connection in try await settings.read(on: connection) }
        let own = live.sorted { $0.key < $1.key }
        let claims = own.map { (SharedResource.setting($0.key, of: database.component), String?.none) }
        return PreparedAction(
            of: description,
            facts: ["component": .string(database.component), "settings": .object(live.mapValues(JSONValue.string))],
            diff: own.flatMap { name, value in
                [
                    "- \(database.component): \(name) = \(value)",
                    "+ \(database.component): \(name) as the server has it",
                ]
            },
            blastRadius: "the sessions of every ordinary role end once and open anew; what they were doing fails",
            claims: Dictionary(claims + [(.sessions(of: database.component), nil)]) { first, _ in first },
            steps: [
                ActionStep("reset", database.component, before: .object(live.mapValues(JSONValue.string))),
                ActionStep("reconnect", database.component, isResumable: true),
            ],
            refusals: own.isEmpty ? ["\(database.component) has no declared setting of its own"] : []
        )
    }

    func perform(_ step: ActionStep, of intent: Intent) async throws(ActionError) {
        guard step.name == "reset" else { return try await endOlderSessions() }
        let old = step.settings
        try await desk.visit { connection in
            try await DatabaseSettings(names: database.settings).replace(old, by: [:], on: connection)
        }
    }

    /// Sessions that began between the intent and the change, some milliseconds, count as begun after it: a run that died there
    /// may leave one of them with what it was given.
    func state(of step: ActionStep, in intent: Intent) async throws(ActionError) -> StepState {
        guard step.name == "reset" else {
            let left = try await desk.query(DatabaseSettingSQL.countOlder, [.timestamp(intent.at)])
            return ((try? left.first?.int("n")) ?? 0) == 0 ? .after : .before
        }
        let names = database.settings
        let live = try await desk.visit { connection in try await DatabaseSettings(names: names).read(on: connection) }
        if live == step.settings { return .before }
        return live.isEmpty ? .after : .other("the database has other settings by now")
    }

    func compensate(_ intent: Intent, through index: Int) async throws(ActionError) {
        for step in intent.steps where step.name == "reset" {
            guard try await state(of: step, in: intent) == .after else { continue }
            let old = step.settings
            try await desk.visit { connection in
                try await DatabaseSettings(names: database.settings).replace([:], by: old, on: connection)
            }
        }
    }

    /// Two looks in a row have to find none: a login that is under way has been given its settings before it can be seen.
    private func endOlderSessions() async throws(ActionError) {
        let moment = try await desk.query(DatabaseSettingSQL.now).first?["moment"] ?? ""
        let end = ContinuousClock.now + .seconds(5)
        var quietLooks = 0
        while quietLooks < 2 {
            let ended = try await desk.query(DatabaseSettingSQL.endOlder, [.text(moment)])
            quietLooks = ended.isEmpty ? quietLooks + 1 : 0
            guard ContinuousClock.now < end, (try? await Task.sleep(for: .milliseconds(50))) != nil else {
                throw ActionError(.timedOut, "sessions with the earlier settings have not ended within 5 s")
            }
        }
    }
}

extension ActionStep {
    /// The settings that the step was planned for.
    fileprivate var settings: [String: String] { (before.objectValue ?? [:]).compactMapValues(\.stringValue) }
}
