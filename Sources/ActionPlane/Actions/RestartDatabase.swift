import OpsModel
import OpsPostgres
import OpsRuntime
import OpsSystem

/// Stops the target's database server and starts it again, and waits until it has recovered.
///
/// Two steps in the journal, never one: a crash in between is half done and ends with the start. The cluster is recognised by
/// its system identifier, so that the server which keeps our own records can never be the one that is stopped.
struct RestartDatabase: RemediationAction {
    let database: Target.Database
    let control: any ProcessControl
    let clusters: ClusterMemory
    /// After a violent end the old server's children hold its memory for some seconds, and then it replays its log.
    var patience: Duration = .seconds(40)
    private var desk: DatabaseDesk { DatabaseDesk(configuration: database.administration) }

    init(_ database: Target.Database, control: any ProcessControl, clusters: ClusterMemory) {
        self.database = database
        self.control = control
        self.clusters = clusters
    }

    var description: ActionDescription {
        ActionDescription(
            name: "restart-db",
            version: 1,
            title: "Restart the target's database server",
            parameters: schema.json,
            kinds: ["postgres"],
            risk: "high",
            downtimeS: 3,
            undo: "none: every session ends, and every open transaction rolls back",
            isReversible: false
        )
    }

    var schema: ParameterSchema {
        ParameterSchema(properties: [
            .init(name: "component", kind: .word([database.component]), summary: "the database")
        ])
    }

    func prepare(_ parameters: [String: JSONValue]) async throws(ActionError) -> PreparedAction {
        let status = try await control.status(of: database.program)
        let server = await server()
        if let server { clusters.remember(server.identifier) }
        let identifier = server?.identifier ?? clusters.known
        return PreparedAction(
            of: description,
            facts: [
                "process": status.fact, "system_identifier": identifier.map(JSONValue.string) ?? .null,
                "started": server.map { .string($0.started) } ?? .null,
            ],
            diff: ["~ \(database.component): the server is replaced"],
            blastRadius:
                "all \(server.map { "\($0.sessions)" } ?? "") sessions of the database end; every component that"
                + " needs it fails meanwhile",
            claims: [.process(database.program): nil, .sessions(of: database.component): nil],
            steps: steps(status, identifier),
            refusals: await refusals(identifier)
        )
    }

    func perform(_ step: ActionStep, of intent: Intent) async throws(ActionError) {
        guard step.name == "start" else { return try await stop(step) }
        let end = ContinuousClock.now + patience
        while true {
            // A start can fail while children of the old server still hold its memory; one that runs is left alone.
            try await control.start(database.program)
            for _ in 0..<20 {
                if try await state(of: step, in: intent) == .after { return }
                guard try await control.status(of: database.program).isRunning else { break }
                guard (try? await Task.sleep(for: .milliseconds(100))) != nil else { return }
            }
            guard ContinuousClock.now < end, (try? await Task.sleep(for: .milliseconds(150))) != nil else {
                throw ActionError(.timedOut, "the database server does not accept sessions \(patience) after its start")
            }
        }
    }

    func state(of step: ActionStep, in intent: Intent) async throws(ActionError) -> StepState {
        if step.name == "stop" { return try await control.stopState(of: step) }
        let status = try await control.status(of: database.program)
        guard let identity = status.identity else { return .before }
        if identity == step.identity { return .before }
        guard ProcessSteps.isNewer(identity, than: intent) else {
            return .other("a server runs that began before this action")
        }
        guard let server = await server() else { return .other("the new server does not accept sessions") }
        let planned = intent.facts["system_identifier"]?.stringValue
        return server.identifier == planned ? .after : .other("another cluster answers: \(server.identifier)")
    }

    func postcheck(_ intent: Intent) async throws(ActionError) -> [String: JSONValue] {
        guard let server = await server(), !server.isInRecovery else {
            throw ActionError(.postcheckFailed, "the database server is still recovering")
        }
        return ["started": .string(server.started), "system_identifier": .string(server.identifier)]
    }

    private func steps(_ status: ProgramStatus, _ identifier: String?) -> [ActionStep] {
        let start = ActionStep("start", database.program, before: status.fact, isResumable: true)
        return status.isRunning ? [ActionStep("stop", database.program, before: status.fact), start] : [start]
    }

    private func refusals(_ identifier: String?) async -> [String] {
        guard let identifier else { return ["which cluster this is has never been seen, so it is not stopped"] }
        guard let own = await clusters.own() else { return ["our own database cannot be told apart just now"] }
        return own == identifier ? ["this is the database that keeps OpsLab's own records"] : []
    }

    private func stop(_ step: ActionStep) async throws(ActionError) {
        guard let live = try await control.status(of: step.subject).identity else { return }
        guard live == step.identity else { throw ActionError(.factsDrifted, "another server runs by now") }
        try await control.stop(step.subject)
    }

    private struct Server {
        var identifier: String
        var started: String
        var sessions: Int
        var isInRecovery: Bool
    }

    /// What the server says of itself; nil when it does not answer.
    private func server() async -> Server? {
        // That it does not answer is one of the things to be found out here.
        try? await desk.visit { connection in
            let rows = try await connection.query(
                """
                SELECT (SELECT system_identifier::text FROM pg_control_system()) AS identifier,
                    to_char(pg_postmaster_start_time() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS started,
                    (SELECT count(*)::int FROM pg_stat_activity WHERE backend_type = 'client backend') AS sessions,
                    pg_is_in_recovery() AS is_in_recovery
                """
            )
            guard let row = rows.first else { throw ActionError(.targetUnreadable, "no answer") }
            return Server(
                identifier: try row.string("identifier"),
                started: try row.string("started"),
                sessions: try row.int("sessions"),
                isInRecovery: try row.bool("is_in_recovery")
            )
        }
    }
}
