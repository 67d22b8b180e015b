import AgentOps
import OpsModel
import OpsPostgres

/// How much agents may do, and their stop.
extension PostgresGateStore {
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
