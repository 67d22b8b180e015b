import OpsModel
import OpsPostgres

/// Incidents in PostgreSQL: one row per incident with its whole record, events and commands beside it.
///
/// A change holds the row's lock from reading to commit, so two alerts of one journey cannot open two incidents and two
/// approvals cannot both win.
struct PostgresGateStore: GateStore {
    var organisation: OrganisationPool

    func change(
        _ incident: String,
        _ decide: @Sendable (IncidentRecord) throws -> IncidentChange?
    ) async throws -> IncidentRecord {
        try await organisation.transaction { connection in
            let record = try await Self.lock(incident, connection)
            guard let change = try decide(record) else { return record }
            return try await Self.commit(change, connection)
        }
    }

    func take(_ page: Page, opening: @Sendable (String) -> IncidentChange, now: Timestamp) async throws {
        try await organisation.transaction { connection in
            _ = try await connection.query(GateSQL.serialiseIntake)
            let open = try await connection.query(GateSQL.lockOpenIncidents)
            if let row = open.first {
                let record = try row.decode("document", as: IncidentRecord.self)
                _ = try await Self.commit(IncidentStateMachine(record: record, now: now).paged(page), connection)
                return
            }
            let isOld = try await connection.query(
                GateSQL.hasSeen,
                [.text(page.fingerprint), .timestamp(page.startedAt)]
            )
            guard page.status == .firing, isOld.isEmpty else { return }
            let change = opening(Identifier.random(prefix: "inc", length: 8))
            _ = try await connection.query(GateSQL.insertIncident, [.text(change.record.incident.id), .timestamp(now)])
            _ = try await Self.commit(change, connection)
        }
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
