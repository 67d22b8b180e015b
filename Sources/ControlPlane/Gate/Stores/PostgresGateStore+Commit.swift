import AgentOps
import OpsModel
import OpsPostgres

/// The writing half: record, events and commands in the caller's transaction.
extension PostgresGateStore {
    static func unknown(_ incident: String) -> GateRefusal {
        GateRefusal(.incidentUnknown, "there is no incident \(incident)", hint: "opslab incidents lists them")
    }

    static func lock(_ incident: String, _ connection: PostgresConnection) async throws -> IncidentRecord {
        let rows = try await connection.query(GateSQL.lockIncident, [.text(incident)])
        guard let row = rows.first else { throw unknown(incident) }
        return try row.decode("document", as: IncidentRecord.self)
    }

    static func commit(_ change: IncidentChange, _ connection: PostgresConnection) async throws -> IncidentRecord {
        var record = change.record
        for event in change.events {
            record.lastEvent += 1
            _ = try await connection.query(
                GateSQL.insertEvent,
                [
                    .text(record.incident.id), .int(record.lastEvent), .text(event.type), .text(event.message),
                    .json(try OpsJSON.encode(event.payload)),
                ]
            )
        }
        for command in change.commands {
            let payload = try OpsJSON.encode(command)
            _ = try await connection.query(
                GateSQL.insertCommand,
                [.text(command.id), .text(command.incident), .json(payload)]
            )
        }
        for approval in record.approvals { try await write(approval, connection) }
        let written = try await write(record, connection)
        for entry in change.events.compactMap({ IncidentRecording.entry($0, of: written) }) {
            try await AuditTrail.append(entry, on: connection)
        }
        return written
    }

    static func write(_ record: IncidentRecord, _ connection: PostgresConnection) async throws -> IncidentRecord {
        _ = try await connection.query(
            GateSQL.updateIncident,
            [
                .text(record.incident.id), .text(record.incident.state.rawValue), .text(record.incident.title),
                record.incident.agent.map { .text($0) } ?? .null,
                record.incident.endedAt.map { .timestamp($0) } ?? .null,
                .json(try OpsJSON.encode(record)),
            ]
        )
        return record
    }

    private static func write(_ detail: ApprovalDetail, _ connection: PostgresConnection) async throws {
        let approval = detail.approval
        _ = try await connection.query(
            GateSQL.upsertApproval,
            [
                .text(approval.id), .text(approval.incident),
                .text(detail.options.map(\.digest).joined(separator: " ")),
                .json(try OpsJSON.encode(detail)), .text(approval.state.rawValue), .text(approval.requester),
                .timestamp(approval.expiresAt), approval.decidedAt.map { .timestamp($0) } ?? .null,
                approval.decidedBy.first.map { .text($0) } ?? .null, approval.reason.map { .text($0) } ?? .null,
                .int(approval.quorum), .textArray(Self.roles(detail)),
            ]
        )
    }

    /// Whom policies name for any of the options, each once.
    private static func roles(_ detail: ApprovalDetail) -> [String] {
        Set(detail.options.flatMap(\.requiredFrom).flatMap(\.from)).sorted()
    }
}
