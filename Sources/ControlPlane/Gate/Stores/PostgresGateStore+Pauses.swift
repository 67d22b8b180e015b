import AgentOps
import OpsModel
import OpsPostgres

/// Agents that are paused one by one.
///
/// A pause is committed under the lock of the organisation's epoch. ActionPlane holds that row while it commits an intent, and
/// looks for a pause behind it: the intent comes before the pause, or not at all.
extension PostgresGateStore {
    func pauses() async throws -> [AgentPause] {
        try await organisation.transaction { try await Self.pauses($0) }
    }

    static func pauses(_ connection: PostgresConnection) async throws -> [AgentPause] {
        try await connection.query(PauseSQL.all).map(pause)
    }

    func pause(_ agent: String, by person: String, reason: String) async throws -> AgentPause {
        let (pause, isNew) = try await organisation.transaction { connection in
            _ = try await connection.query(PauseSQL.lockEpoch)
            try await Self.requireKnown(agent, connection)
            if let present = try await Self.present(agent, connection), present.isPaused { return (present, false) }
            return (try await Self.write(agent, isPaused: true, by: person, reason, connection), true)
        }
        if isNew { tell(pause) }
        try await withhold(pause)
        return pause
    }

    func resume(_ agent: String, by person: String, reason: String) async throws -> AgentPause {
        guard let pause = try await pauses().first(where: { $0.agent == agent && $0.isPaused }) else {
            try await organisation.transaction { try await Self.requireKnown(agent, $0) }
            throw Self.notPaused(agent)
        }
        // A gate that died after the pause has left it waiting; it must not come back to life.
        try await withhold(pause)
        let after = try await organisation.transaction { connection in
            _ = try await connection.query(PauseSQL.lockEpoch)
            guard try await Self.present(agent, connection)?.isPaused == true else { throw Self.notPaused(agent) }
            return try await Self.write(agent, isPaused: false, by: person, reason, connection)
        }
        tell(after)
        return after
    }

    /// Tells open incidents of a pause, each for itself.
    ///
    /// Each is looked at under its own lock: a question that was asked while the pause was made stands in it by then, and one
    /// that came after the agent was let go on is left alone. An incident that cannot be told keeps neither the others nor the pause from taking effect; whoever asked hears of it.
    private func withhold(_ pause: AgentPause) async throws {
        var failure: (any Error)?
        for record in try await openRecords() {
            do {
                try await decide(record.incident.id) { record, ground in
                    ground.pause(of: pause.principal)
                        .flatMap { IncidentStateMachine(record: record, now: .now()).paused($0) }
                }
            } catch {
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
    }

    private static func present(_ agent: String, _ connection: PostgresConnection) async throws -> AgentPause? {
        try await connection.query(PauseSQL.one, [.text(agent)]).first.map(pause)
    }

    /// A slip of the pen must not be taken for a pause.
    private static func requireKnown(_ agent: String, _ connection: PostgresConnection) async throws {
        let known = try await connection.query(PauseSQL.names).map { try $0.string("name") }
        guard !known.contains(agent) else { return }
        throw GateRefusal(
            .agentUnknown,
            "nobody has claimed an incident or registered as the agent \(agent)",
            hint: known.isEmpty ? nil : "known are \(known.prefix(20).joined(separator: ", "))"
        )
    }

    private static func notPaused(_ agent: String) -> GateRefusal {
        GateRefusal(.agentNotPaused, "\(agent) is not paused", hint: "opslab agents shows who is")
    }

    /// Row and audit row together.
    private static func write(
        _ agent: String,
        isPaused: Bool,
        by person: String,
        _ reason: String,
        _ connection: PostgresConnection
    ) async throws -> AgentPause {
        let rows = try await connection.query(
            PauseSQL.upsert,
            [.text(agent), .bool(isPaused), .text(reason), .text(person)]
        )
        let written = try pause(try rows.only())
        let entry = AuditEntry(
            actor: .person(person),
            action: isPaused ? "agent.pause" : "agent.resume",
            entity: ("agent", written.principal),
            changes: ["reason": .string(reason)]
        )
        try await AuditTrail.append(entry, on: connection)
        return written
    }

    private func tell(_ pause: AgentPause) {
        let type = pause.isPaused ? "agent.paused" : "agent.resumed"
        recorder.record(
            Event(
                .lifecycle,
                type,
                payload: [
                    "agent": .string(pause.principal), "by": .string(pause.changedBy), "reason": .string(pause.reason),
                ]
            )
        )
    }

    private static func pause(_ row: PostgresRow) throws -> AgentPause {
        AgentPause(
            agent: String(try row.string("agent").dropFirst(AgentPause.prefix.count)),
            isPaused: try row.bool("is_paused"),
            reason: try row.string("reason"),
            changedBy: try row.string("changed_by"),
            changedAt: try row.timestamp("changed_at")
        )
    }
}

/// The statements of pauses; agents stand in the table as incidents and grants call them.
private enum PauseSQL {
    static let lockEpoch = "SELECT epoch FROM agentops.epochs FOR UPDATE"
    private static let columns = "agent, is_paused, reason, changed_by, changed_at"
    static let all = "SELECT \(columns) FROM agentops.agent_pauses ORDER BY agent"
    static let one = "SELECT \(columns) FROM agentops.agent_pauses WHERE agent = '\(AgentPause.prefix)' || $1"
    static let upsert = """
        INSERT INTO agentops.agent_pauses AS p (agent, is_paused, reason, changed_by, changed_at)
        VALUES ('\(AgentPause.prefix)' || $1, $2::boolean, $3, $4, clock_timestamp())
        ON CONFLICT (org_id, agent) DO UPDATE SET is_paused = EXCLUDED.is_paused, reason = EXCLUDED.reason,
            changed_by = EXCLUDED.changed_by, changed_at = EXCLUDED.changed_at
        RETURNING \(columns)
        """
    /// Agents that are registered, and whoever ever claimed an incident.
    static let names = """
        SELECT name FROM agentops.agents WHERE type IN ('agent', 'external')
        UNION SELECT substr(claimant, length('\(AgentPause.prefix)') + 1)
        FROM lab.incidents, jsonb_array_elements_text(coalesce(document -> 'agents', '[]')) AS claimant
        ORDER BY name
        """
}
