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
            ]
        )
    }

    func waitingCommands() async throws -> [OutboxCommand] {
        try await organisation.transaction { connection in
            try await connection.query(GateSQL.waitingCommands).map { try $0.decode("payload", as: OutboxCommand.self) }
        }
    }

    func finish(_ command: OutboxCommand, with result: ActionResult) async throws {
        let document = try OpsJSON.encode(result)
        try await organisation.transaction { connection in
            _ = try await connection.query(GateSQL.finishCommand, [.text(command.id), .json(document)])
        }
    }

    func drop(_ command: OutboxCommand, as state: DroppedCommand) async throws {
        try await organisation.transaction { connection in
            _ = try await connection.query(GateSQL.dropCommand, [.text(command.id), .text(state.rawValue)])
        }
    }

    func policy() async throws -> Policy {
        try await organisation.transaction { connection in
            let rows = try await connection.query(GateSQL.policy)
            guard let row = rows.first else { return initialPolicy }
            return try row.decode("rule_definition", as: Policy.self)
        }
    }

    func set(_ policy: Policy) async throws {
        let document = try OpsJSON.encode(policy)
        try await organisation.transaction { connection in
            _ = try await connection.query(GateSQL.insertPolicy, [.json(document)])
            let changes = try JSONValue(encoding: policy)
            let entry = AuditEntry(
                actor: .service("gate"),
                action: "policy.set",
                entity: ("policy", "default"),
                changes: changes
            )
            try await AuditTrail.append(entry, on: connection)
        }
    }

    func epoch() async throws -> Int {
        try await organisation.transaction { try await $0.query(GateSQL.epoch).only().int("epoch") }
    }

    func freeze(_ isFrozen: Bool, by person: String, reason: String) async throws -> Int {
        var policy = try await policy()
        policy.isFrozen = isFrozen
        policy.version += 1
        let document = try OpsJSON.encode(policy)
        let words = "\(person): \(reason)"
        let (epoch, changes) = try await organisation.transaction { connection in
            let raised = try await connection.query(GateSQL.raiseEpoch, [.bool(isFrozen), .text(words)])
            _ = try await connection.query(GateSQL.insertPolicy, [.json(document)])
            let epoch = try raised.only().int("epoch")
            // Incidents before the chain's head, in the order of every other change.
            let changes = try await Self.voidWaiting(epoch, by: person, connection)
            let entry = AuditEntry(
                actor: .person(person),
                action: isFrozen ? "agents.stop" : "agents.release",
                entity: ("epoch", "\(epoch)"),
                changes: ["reason": .string(reason)]
            )
            try await AuditTrail.append(entry, on: connection)
            return (epoch, changes)
        }
        for change in changes { tell(change.events, of: change.record) }
        return epoch
    }

    /// Tells open incidents that whatever waits names an epoch that is over.
    private static func voidWaiting(
        _ epoch: Int,
        by person: String,
        _ connection: PostgresConnection
    ) async throws -> [IncidentChange] {
        var changes: [IncidentChange] = []
        for row in try await connection.query(GateSQL.lockOpenIncidents) {
            let record = try row.decode("document", as: IncidentRecord.self)
            guard let change = IncidentStateMachine(record: record, now: .now()).stopped(by: person, epoch: epoch)
            else { continue }
            _ = try await commit(change, connection)
            changes.append(change)
        }
        return changes
    }
}
