import AgentOps
import OpsModel
import OpsPostgres

/// How much agents may do, and their stop.
extension PostgresGateStore {
    func policy() async throws -> Policy {
        try await organisation.transaction { try await stored($0) }
    }

    @discardableResult
    func changePolicy(by person: String, _ edit: @Sendable (inout Policy) -> Void) async throws -> Policy {
        try await organisation.transaction { connection in
            let policy = try await changed(connection, edit)
            let entry = AuditEntry(
                actor: .person(person),
                action: "policy.set",
                entity: ("policy", "default"),
                changes: try JSONValue(encoding: policy)
            )
            try await AuditTrail.append(entry, on: connection)
            return policy
        }
    }

    private func stored(_ connection: PostgresConnection) async throws -> Policy {
        let rows = try await connection.query(GateSQL.policy)
        return try rows.first?.decode("rule_definition", as: Policy.self) ?? initialPolicy
    }

    /// Holds the policy's lock from reading to commit.
    private func changed(_ connection: PostgresConnection, _ edit: (inout Policy) -> Void) async throws -> Policy {
        _ = try await connection.query(GateSQL.serialisePolicy)
        var policy = try await stored(connection)
        edit(&policy)
        policy.version += 1
        _ = try await connection.query(GateSQL.insertPolicy, [.json(try OpsJSON.encode(policy))])
        return policy
    }

    func epoch() async throws -> Int {
        try await organisation.transaction { try await $0.query(GateSQL.epoch).only().int("epoch") }
    }

    func freeze(_ isFrozen: Bool, by actor: AuditEntry.Actor, reason: String) async throws -> Int {
        let epoch = try await raiseEpoch(isFrozen, by: actor, reason: reason)
        try await voidWaiting(epoch, by: actor.id)
        return epoch
    }

    /// The stop itself: once this is committed, ActionPlane refuses whatever was granted before.
    private func raiseEpoch(_ isFrozen: Bool, by actor: AuditEntry.Actor, reason: String) async throws -> Int {
        let words = "\(actor.id): \(reason)"
        return try await organisation.transaction { connection in
            _ = try await changed(connection) { $0.isFrozen = isFrozen }
            let raised = try await connection.query(GateSQL.raiseEpoch, [.bool(isFrozen), .text(words)])
            let epoch = try raised.only().int("epoch")
            let entry = AuditEntry(
                actor: actor,
                action: isFrozen ? "agents.stop" : "agents.release",
                entity: ("epoch", "\(epoch)"),
                changes: ["reason": .string(reason)]
            )
            try await AuditTrail.append(entry, on: connection)
            return epoch
        }
    }

    /// Tells open incidents that whatever waits names an epoch that is over, each for itself.
    ///
    /// One that cannot be told keeps neither the others nor the stop from taking effect; whoever asked hears of it.
    private func voidWaiting(_ epoch: Int, by person: String) async throws {
        var failure: (any Error)?
        for record in try await openRecords() {
            do {
                try await change(record.incident.id) {
                    IncidentStateMachine(record: $0, now: .now()).stopped(by: person, epoch: epoch)
                }
            } catch {
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
    }
}
