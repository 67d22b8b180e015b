import OpsModel
import OpsPostgres
import OpsRuntime

/// Turns a feature flag on or off.
///
/// It says which of the two: turning over what is there would do the opposite the second time. A flag counts as turned by this run
/// when it has the very time that its intent has, so a restarted service knows its own work from somebody else's.
struct SetFlag: RemediationAction {
    /// Who has turned it, as the table keeps it.
    private static let person = "operations"

    let database: Target.Database
    private let sql: FlagSQL
    private let desk: DatabaseDesk

    init(_ database: Target.Database, table: String) {
        self.database = database
        sql = FlagSQL(table: table)
        desk = DatabaseDesk(configuration: database.administration)
    }

    var description: ActionDescription {
        ActionDescription(
            name: "set-flag",
            version: 1,
            title: "Turn a feature flag on or off",
            parameters: schema.json,
            kinds: ["http", "worker", "batch"],
            risk: "low",
            downtimeS: 0,
            undo: "the flag is turned back, if nobody has turned it since",
            isReversible: true
        )
    }

    var schema: ParameterSchema {
        ParameterSchema(properties: [
            .init(name: "flag", kind: .label, summary: "the name of a flag that is there", isRequired: true),
            .init(name: "value", kind: .boolean, summary: "whether it is to be on", isRequired: true),
        ])
    }

    func prepare(_ parameters: [String: JSONValue]) async throws(ActionError) -> PreparedAction {
        let flag = parameters["flag"]?.stringValue ?? ""
        guard let wanted = parameters["value"]?.boolValue else {
            throw ActionError(.invalidParameters, "value: true or false")
        }
        guard let live = try await value(of: flag) else {
            throw ActionError(.notPermitted, "this target has no flag \(flag)")
        }
        let step = ActionStep("turn", flag, before: .object(["value": live.json, "wanted": .bool(wanted)]))
        return PreparedAction(
            of: description,
            facts: ["flag": .string(flag), "value": live.json, "wanted": .bool(wanted)],
            diff: live.isEnabled == wanted ? [] : ["- \(flag): \(live)", "+ \(flag): \(wanted ? "on" : "off")"],
            blastRadius: "whatever goes by \(flag) does so from the next second on, for every customer",
            claims: [.flag(flag, of: database.component): nil],
            steps: live.isEnabled == wanted ? [] : [step],
            refusals: live.isEnabled == wanted ? ["\(flag) is \(live.word) already, since \(live.updatedAt)"] : []
        )
    }

    func perform(_ step: ActionStep, of intent: Intent) async throws(ActionError) {
        guard let before = step.value, let after = step.wanted(at: intent.at) else {
            throw ActionError(.recordUnwritable, "the intent does not say how the flag was")
        }
        try await replace(step.subject, before, by: after)
    }

    func state(of step: ActionStep, in intent: Intent) async throws(ActionError) -> StepState {
        guard let live = try await value(of: step.subject) else { return .other("the flag is not there any more") }
        if live == step.value { return .before }
        return live == step.wanted(at: intent.at) ? .after : .other("somebody else turned it: \(live)")
    }

    func postcheck(_ intent: Intent) async throws(ActionError) -> [String: JSONValue] {
        guard let step = intent.steps.first else { return [:] }
        return ["flag": .string(step.subject), "value": step.before["wanted"] ?? .null]
    }

    func compensate(_ intent: Intent, through index: Int) async throws(ActionError) {
        for step in intent.steps[...index] {
            guard try await state(of: step, in: intent) == .after, let before = step.value,
                let after = step.wanted(at: intent.at)
            else { continue }
            try await replace(step.subject, after, by: before)
        }
    }

    private func value(of flag: String) async throws(ActionError) -> FlagValue? {
        let rows = try await desk.query(sql.read, [.text(flag)])
        return rows.first.flatMap { row in FlagValue { row[$0] } }
    }

    /// Compares and changes the flag under its row's lock.
    private func replace(_ flag: String, _ old: FlagValue, by new: FlagValue) async throws(ActionError) {
        try await desk.visit { connection in
            try await connection.execute(script: "BEGIN")
            let rows = try await connection.query(sql.lock, [.text(flag)])
            guard rows.first.flatMap({ row in FlagValue { row[$0] } }) == old else {
                throw ActionError(.factsDrifted, "somebody else turned \(flag)")
            }
            _ = try await connection.query(sql.write, [.text(flag)] + new.arguments.map { PostgresValue.text($0) })
            try await connection.execute(script: "COMMIT")
        }
    }

    /// The step as it was planned.
    fileprivate static func value(in json: JSONValue) -> FlagValue? {
        guard let isEnabled = json["enabled"]?.boolValue, let at = json["at"]?.stringValue,
            let by = json["by"]?.stringValue
        else { return nil }
        return FlagValue(isEnabled: isEnabled, updatedAt: at, updatedBy: by)
    }

    fileprivate static func wanted(_ isEnabled: Bool, at moment: Timestamp) -> FlagValue {
        FlagValue(isEnabled: isEnabled, at: moment, by: person)
    }
}

extension ActionStep {
    /// How the flag was.
    fileprivate var value: FlagValue? { before["value"].flatMap(SetFlag.value(in:)) }

    /// How this run leaves it.
    fileprivate func wanted(at moment: Timestamp) -> FlagValue? {
        before["wanted"]?.boolValue.map { SetFlag.wanted($0, at: moment) }
    }
}

extension FlagValue {
    fileprivate var json: JSONValue {
        ["enabled": .bool(isEnabled), "at": .string(updatedAt), "by": .string(updatedBy)]
    }
}
