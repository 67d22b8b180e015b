import AgentOps
import GateClient
import OpsModel
import Synchronization
import Testing

@testable import ControlPlane

/// Records that are put back behind the gate's back, in a real PostgreSQL.
@Suite("Records that were put back to an earlier moment")
struct RolledBackRecordsTests {
    /// What a copy of two rows ago leaves, consistent in itself.
    private static let cut = """
        DELETE FROM agentops.audit_logs WHERE seq > (SELECT max(seq) - 2 FROM agentops.audit_logs);
        UPDATE agentops.audit_heads h SET seq = l.seq, hash = l.hash FROM agentops.audit_logs l
          WHERE l.org_id = h.org_id AND l.seq = (SELECT max(seq) FROM agentops.audit_logs)
        """
    /// As many rows as before, and another one at the checkpoint.
    private static let other =
        "UPDATE agentops.audit_logs SET hash = repeat('0', 64) WHERE seq = (SELECT max(seq) FROM agentops.audit_logs)"

    @Test("Agents are stopped once, in the gate's name, and a person lets them go on", arguments: [cut, other])
    func stopped(_ forgery: String) async throws {
        try await GateBench.with { bench, _ in
            _ = try await bench.person.set(AutonomySetting(level: .observe))
            _ = try await bench.person.set(AutonomySetting(level: .approve))
            _ = try await bench.person.set(AutonomySetting(level: .suggest))
            _ = try await bench.person.set(AutonomySetting(level: .approve))
            let epoch = try await bench.store.epoch()
            let told = Mutex(0)
            let checkpointer = bench.checkpointer { checkpoint, head in
                told.withLock { $0 += 1 }
                try await RolledBackRecords(store: bench.store).stopAgents(checkpoint, head)
            }
            let first = try #require(try await checkpointer.checkpoint(after: nil))
            #expect(first.seq > 2 && told.withLock { $0 } == 0)
            try await bench.forge(forgery)
            let second = try #require(try await checkpointer.checkpoint(after: first))
            #expect(told.withLock { $0 } == 1)
            #expect(try await bench.store.policy().isFrozen)
            #expect(try await bench.store.epoch() == epoch + 1)
            let stop = try #require(try await bench.person.audit(AuditFilter(action: "agents.stop")).rows.first)
            #expect(stop.actorType == "service" && stop.actor == "gate")
            #expect(stop.changes["reason"]?.stringValue?.contains("row \(first.seq) was signed") == true)
            _ = try await bench.person.resumeAgents(reason: "seen")
            _ = try await checkpointer.checkpoint(after: second, now: .now() + 60)
            #expect(told.withLock { $0 } == 1)
            #expect(try await !bench.store.policy().isFrozen)
        }
    }

    @Test("Who cannot stop them is asked again")
    func again() async throws {
        try await GateBench.with { bench, _ in
            _ = try await bench.person.set(AutonomySetting(level: .observe))
            _ = try await bench.person.set(AutonomySetting(level: .approve))
            _ = try await bench.person.set(AutonomySetting(level: .observe))
            let told = Mutex(0)
            let checkpointer = bench.checkpointer { _, _ in
                told.withLock { $0 += 1 }
                throw GateRefusal(.agentUnknown, "away")
            }
            let first = try #require(try await checkpointer.checkpoint(after: nil))
            try await bench.forge(Self.cut)
            for _ in 1...2 {
                await #expect(throws: GateRefusal.self) { try await checkpointer.checkpoint(after: first) }
            }
            #expect(told.withLock { $0 } == 2)
        }
    }
}
