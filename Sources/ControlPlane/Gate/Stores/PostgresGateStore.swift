import AgentOps
import OpsModel
import OpsPostgres

/// Incidents in PostgreSQL: one row per incident with its whole record, events and commands beside it.
///
/// A change holds the row's lock from reading to commit, so two alerts of one journey cannot open two incidents and two
/// approvals cannot both win.
struct PostgresGateStore: GateStore {
    var organisation: OrganisationPool
    var recorder: Recorder = .disabled
    /// What holds while no policy is stored.
    var initialPolicy = Policy.initial(.approve)

    @discardableResult
    func change(
        _ incident: String,
        _ decide: @Sendable (IncidentRecord) throws -> IncidentChange?
    ) async throws -> IncidentRecord {
        try await commit(incident) { record, _ in try decide(record) }
    }

    @discardableResult
    func decide(
        _ incident: String,
        _ decision: @Sendable (IncidentRecord, GroundRules) throws -> IncidentChange?
    ) async throws -> IncidentRecord {
        try await commit(incident) { record, connection in
            let policies = try await Self.lockedRules(connection)
            return try decision(record, GroundRules(policies: policies, pauses: try await Self.pauses(connection)))
        }
    }

    private func commit(
        _ incident: String,
        _ decide: @Sendable (IncidentRecord, PostgresConnection) async throws -> IncidentChange?
    ) async throws -> IncidentRecord {
        let (record, events) = try await organisation.transaction { connection in
            let record = try await Self.lock(incident, connection)
            guard let change = try await decide(record, connection) else { return (record, [IncidentChange.Event]()) }
            return (try await Self.commit(change, connection), change.events)
        }
        tell(events, of: record)
        return record
    }

    func take(_ page: Page, opening: @Sendable (String) -> IncidentChange, now: Timestamp) async throws {
        let change: IncidentChange? = try await organisation.transaction { connection in
            _ = try await connection.query(GateSQL.serialiseIntake)
            let open = try await connection.query(GateSQL.lockOpenIncidents)
            if let row = open.first {
                let record = try row.decode("document", as: IncidentRecord.self)
                let change = IncidentStateMachine(record: record, now: now).paged(page)
                _ = try await Self.commit(change, connection)
                return change
            }
            let isOld = try await connection.query(
                GateSQL.hasSeen,
                [.text(page.fingerprint), .timestamp(page.startedAt)]
            )
            guard page.status == .firing, isOld.isEmpty else { return nil }
            let change = opening(Identifier.random(prefix: "inc", length: 8))
            _ = try await connection.query(GateSQL.insertIncident, [.text(change.record.incident.id), .timestamp(now)])
            _ = try await Self.commit(change, connection)
            return change
        }
        if let change { tell(change.events, of: change.record) }
    }

    /// Records what was committed; the incident's own rows are the law, these tell the story.
    func tell(_ events: [IncidentChange.Event], of record: IncidentRecord) {
        for event in events { recorder.record(IncidentRecording.event(event, of: record)) }
    }

    func record(_ incident: String) async throws -> IncidentRecord {
        try await organisation.transaction { connection in
            let rows = try await connection.query(GateSQL.incident, [.text(incident)])
            guard let row = rows.first else { throw Self.unknown(incident) }
            return try row.decode("document", as: IncidentRecord.self)
        }
    }

    func records(limit: Int) async throws -> [IncidentRecord] {
        try await decoded(GateSQL.newestIncidents, [.int(limit)], "document")
    }

    func openRecords() async throws -> [IncidentRecord] { try await decoded(GateSQL.openIncidents, [], "document") }

    func records(endedBefore moment: Timestamp, notBy agent: String, limit: Int) async throws -> [IncidentRecord] {
        try await decoded(GateSQL.endedIncidents, [.timestamp(moment), .text(agent), .int(limit)], "document")
    }

    func incident(keyHash: String) async throws -> String? {
        try await organisation.transaction { try await $0.query(GateSQL.incidentOfKey, [.text(keyHash)]).first?["id"] }
    }

    func events(_ incident: String, after seq: Int) async throws -> [IncidentEvent] {
        try await organisation.transaction { connection in
            try await connection.query(GateSQL.events, [.text(incident), .int(seq)]).map { row in
                IncidentEvent(
                    seq: try row.int("seq"),
                    at: try row.timestamp("at"),
                    type: try row.string("type"),
                    message: try row.string("message"),
                    payload: try row.json("payload")
                )
            }
        }
    }

    func keep(_ answers: [ReadAnswer], in incident: String) async throws -> [ReadAnswer] {
        try await organisation.transaction { connection in
            var record = try await Self.lock(incident, connection)
            var named = answers
            for index in named.indices {
                record.lastEvidence += 1
                named[index].evidence = "ev-\(record.lastEvidence)"
            }
            let documents = try named.map { try OpsJSON.string($0) }
            _ = try await connection.query(
                GateSQL.insertEvidence,
                [.text(incident), .textArray(named.compactMap(\.evidence)), .textArray(documents)]
            )
            _ = try await Self.write(record, connection)
            return named
        }
    }

    func evidence(_ incident: String) async throws -> [ReadAnswer] {
        try await decoded(GateSQL.evidence, [.text(incident)], "answer")
    }

    func evidence(_ incident: String, first count: Int) async throws -> [ReadAnswer] {
        try await decoded(GateSQL.firstEvidence, [.text(incident), .int(count)], "answer")
    }

    private func decoded<Value: Decodable & Sendable>(
        _ sql: String,
        _ values: [PostgresValue],
        _ column: String
    ) async throws -> [Value] {
        try await organisation.transaction { connection in
            try await connection.query(sql, values).map { try $0.decode(column, as: Value.self) }
        }
    }
}
