import AgentOps
import OpsModel

/// What the gate does when its database is not the one of its newest checkpoint any more: agents are stopped.
///
/// Whatever was asked, allowed or begun after the moment that was restored is forgotten there, and questions that were answered wait
/// again. The stop voids them all, and a person decides when agents go on.
struct RolledBackRecords: Sendable {
    static let actor = AuditEntry.Actor.service("gate")

    let store: any GateStore

    func stopAgents(_ checkpoint: AuditCheckpoint, _ head: AuditHead) async throws {
        let reason = """
            the records end at row \(head.seq) or differ, and row \(checkpoint.seq) was signed at \(checkpoint.at): \
            they were restored to an earlier moment, or changed
            """
        _ = try await store.freeze(true, by: Self.actor, reason: reason)
    }
}
