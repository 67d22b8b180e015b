import OpsModel
import OpsRuntime

/// Brings the schema of the target's database to the step that its programs expect.
///
/// What is pending is applied, each step in a transaction of its own, and objects that are missing at the newest step are made
/// again where that loses nothing. Tables are not: an empty one in the place of one with rows would hide the loss.
struct RunMigrations: RemediationAction {
    let database: Target.Database
    let migrations: SchemaMigrations

    init(_ database: Target.Database, _ migrations: SchemaMigrations) {
        self.database = database
        self.migrations = migrations
    }

    var description: ActionDescription {
        ActionDescription(
            name: "run-migrations",
            version: 1,
            title: "Apply the pending steps of the schema and make missing objects again",
            parameters: schema.json,
            kinds: ["postgres"],
            risk: "medium",
            downtimeS: 0,
            undo: "none: taking a step back is a release of its own",
            isReversible: false
        )
    }

    var schema: ParameterSchema {
        ParameterSchema(properties: [
            .init(name: "component", kind: .word([database.component]), summary: "the database"),
            .init(
                name: "repair",
                kind: .boolean,
                summary: "whether missing indexes and column names are made again as well; true when left out"
            ),
        ])
    }

    func prepare(_ parameters: [String: JSONValue]) async throws(ActionError) -> PreparedAction {
        if let obstacle = migrations.obstacle {
            return prepared(nil, repairs: false, refusals: [obstacle])
        }
        let repairs = parameters["repair"]?.boolValue ?? true
        let report = try await migrations.inspect()
        return prepared(report, repairs: repairs, refusals: Self.refusals(report, repairs: repairs))
    }

    func perform(_ step: ActionStep, of intent: Intent) async throws(ActionError) {
        guard try await state(of: step, in: intent) == .before else {
            throw ActionError(.factsDrifted, "the schema is not as it was when this was planned")
        }
        _ = try await migrations.advance(repairing: Self.repairs(intent))
    }

    /// A run that died between two steps has done a part of what it was to do, and may do the rest.
    func state(of step: ActionStep, in intent: Intent) async throws(ActionError) -> StepState {
        let report = try await migrations.inspect()
        let left = Self.work(report, repairs: Self.repairs(intent))
        if left.isEmpty { return .after }
        let planned = Set((step.before["work"]?.arrayValue ?? []).compactMap(\.stringValue))
        // What is missing is looked for when nothing is pending any more.
        let isPart = report.pending.isEmpty ? !planned.isEmpty : planned.isSuperset(of: left)
        return isPart ? .before : .other("the schema wants: \(left.joined(separator: ", "))")
    }

    func postcheck(_ intent: Intent) async throws(ActionError) -> [String: JSONValue] {
        let report = try await migrations.inspect()
        guard report.pending.isEmpty else {
            throw ActionError(.postcheckFailed, "steps are still pending")
        }
        return ["version": .int(report.version), "missing": .array(report.missing.map(JSONValue.string))]
    }

    private func prepared(_ report: SchemaMigrations.Report?, repairs: Bool, refusals: [String]) -> PreparedAction {
        let work = report.map { Self.work($0, repairs: repairs) } ?? []
        let words = JSONValue.array(work.map(JSONValue.string))
        return PreparedAction(
            of: description,
            facts: [
                "component": .string(database.component), "version": report.map { .int($0.version) } ?? .null,
                "missing": .array((report?.missing ?? []).map(JSONValue.string)), "work": words,
            ],
            diff: work.map { "+ \(database.component): \($0)" },
            blastRadius: "what a step changes is locked until its transaction ends; statements that need it wait",
            claims: [.schema(of: database.component): nil],
            steps: [ActionStep("migrate", database.component, before: ["work": words], isResumable: true)],
            refusals: refusals
        )
    }

    private static func refusals(_ report: SchemaMigrations.Report, repairs: Bool) -> [String] {
        if let step = report.foreign.first {
            return ["step \(step.number) (\(step.name)) is \(step.state) to these programs: a person has to look"]
        }
        guard work(report, repairs: repairs).isEmpty else { return [] }
        let lost = report.missing.filter { !report.repairable.contains($0) }
        return [
            lost.isEmpty
                ? "the schema is at its newest step and nothing is missing"
                : "the schema is at its newest step; what is missing held data and is not made anew: \(lost.joined(separator: ", "))"
        ]
    }

    /// What is to be done, in words that compare.
    private static func work(_ report: SchemaMigrations.Report, repairs: Bool) -> [String] {
        report.pending.map { "step \($0.number) \($0.name)" } + (repairs ? report.repairable : [])
    }

    private static func repairs(_ intent: Intent) -> Bool { intent.parameters["repair"]?.boolValue ?? true }
}
