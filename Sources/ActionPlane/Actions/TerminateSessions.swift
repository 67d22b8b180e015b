import OpsModel
import OpsPostgres
import OpsRuntime

/// Ends database sessions: those at the root of a lock queue, or those of one role.
///
/// Which sessions these are is settled when it is planned, by process number and start time of each; the effect ends exactly
/// these, in one statement, or none. A session that came later, or that began another transaction, is left alone.
struct TerminateSessions: RemediationAction {
    /// A blocker's transaction must be this old, in seconds: two customers who wait for each other a moment are no incident.
    static let leastAge = 1.0

    let database: Target.Database
    private let desk: DatabaseDesk

    init(_ database: Target.Database) {
        self.database = database
        desk = DatabaseDesk(configuration: database.administration)
    }

    var description: ActionDescription {
        ActionDescription(
            name: "terminate-sessions",
            version: 1,
            title: "End the database sessions that block others, or those of one role",
            parameters: schema.json,
            kinds: ["postgres"],
            risk: "low",
            downtimeS: 0,
            undo: "not needed: an ended session's open transaction rolls back by itself",
            isReversible: false
        )
    }

    var schema: ParameterSchema {
        ParameterSchema(properties: [
            .init(
                name: "which",
                kind: .word(["blocker", "owner"]),
                summary: "blocker: the sessions others wait for; owner: all sessions of one role",
                isRequired: true
            ),
            .init(name: "owner", kind: .name, summary: "the database role, for which: owner"),
            .init(
                name: "at_most",
                kind: .integer(1...100),
                summary: "refuse when it would end more sessions than this"
            ),
            .init(name: "component", kind: .word([database.component]), summary: "the database"),
        ])
    }

    func prepare(_ parameters: [String: JSONValue]) async throws(ActionError) -> PreparedAction {
        let selection = try SessionSelection(parameters)
        let sessions = try await desk.visit { connection in try await selection.sessions(on: connection) }
        let facts: [String: JSONValue] = [
            "which": .string(selection.name), "sessions": .array(sessions.map(\.fact)),
        ]
        return PreparedAction(
            of: description,
            facts: facts,
            diff: sessions.map { "- \($0.label)" },
            blastRadius: blastRadius(sessions),
            claims: [.sessions(of: database.component): nil],
            steps: [ActionStep("terminate", database.component, before: .array(sessions.map(\.fact)))],
            refusals: refusals(sessions, selection)
        )
    }

    func perform(_ step: ActionStep, of intent: Intent) async throws(ActionError) {
        let sessions = step.before.arrayValue ?? []
        let rows = try await desk.visit { connection in
            try await connection.query(
                SessionSQL.terminate,
                [.json(OpsJSON.encode(step.before)), .int(sessions.count)]
            )
        }
        guard rows.count == sessions.count else {
            throw ActionError(.factsDrifted, "not all of the sessions are as they were, so none was ended")
        }
        try await waitUntilGone(step)
    }

    func state(of step: ActionStep, in intent: Intent) async throws(ActionError) -> StepState {
        let planned = step.before.arrayValue?.count ?? 0
        let live = try await alive(step)
        if live == 0 { return .after }
        return live == planned ? .before : .other("\(live) of \(planned) sessions are still there")
    }

    func postcheck(_ intent: Intent) async throws(ActionError) -> [String: JSONValue] {
        let ended = intent.steps.first?.before.arrayValue?.count ?? 0
        let blocked = try await desk.query(SessionSQL.blockedCount)
        return ["ended": .int(ended), "still_blocked": .int((try? blocked.first?.int("n")) ?? 0)]
    }

    private func alive(_ step: ActionStep) async throws(ActionError) -> Int {
        try await desk.visit { connection in
            let rows = try await connection.query(SessionSQL.alive, [.json(OpsJSON.encode(step.before))])
            return try rows.first?.int("n") ?? 0
        }
    }

    private func waitUntilGone(_ step: ActionStep) async throws(ActionError) {
        let end = ContinuousClock.now + .seconds(5)
        while try await alive(step) > 0 {
            guard ContinuousClock.now < end, (try? await Task.sleep(for: .milliseconds(20))) != nil else {
                throw ActionError(.timedOut, "the sessions were told to end and have not ended within 5 s")
            }
        }
    }

    private func blastRadius(_ sessions: [DatabaseSession]) -> String {
        let owners = Set(sessions.map(\.owner)).sorted().joined(separator: ", ")
        let waiters = sessions.map(\.waiters).reduce(0, +)
        return
            "\(sessions.count) session(s) of \(owners.isEmpty ? "nobody" : owners) end; \(waiters) others wait for them"
    }

    private func refusals(_ sessions: [DatabaseSession], _ selection: SessionSelection) -> [String] {
        var refusals = sessions.compactMap(\.refusal)
        if sessions.isEmpty { refusals.append(selection.nothingFound) }
        if let most = selection.atMost, sessions.count > most {
            refusals.append("\(sessions.count) sessions would end, at most \(most) may")
        }
        return refusals
    }
}
