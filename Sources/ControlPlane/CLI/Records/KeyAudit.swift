import AgentOps
import OpsCommand
import OpsModel
import OpsPostgres
import OpsService

/// Writes changes of keys into the audit chain.
enum KeyAudit {
    /// Revoking must work while the database is away, so a missing record is reported and does not undo the change.
    static func note(_ action: String, person: String, keyID: String?, _ records: LabRecords) async {
        do {
            let pool = try records.pool(organisation: "lab")
            defer { pool.close() }
            try await pool.transaction { connection in
                let operatorName = LabPeople.first(ProcessEnvironment.current)
                let changes: JSONValue = keyID.map { ["kid": .string($0)] } ?? [:]
                let entry = AuditEntry(
                    actor: .person(operatorName),
                    action: action,
                    entity: ("person", person),
                    changes: changes
                )
                try await AuditTrail.append(entry, on: connection)
            }
        } catch {
            Terminal.err("warning: this is not in the audit chain, because the database did not take it: \(error)")
        }
    }
}
