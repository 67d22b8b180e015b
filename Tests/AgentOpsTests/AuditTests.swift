import AgentOps
import OpsModel
import OpsPostgres
import OpsSystem
import OpsTestKit
import OpsTrust
import Testing

@Suite struct AuditTests {
    let key = SigningKey.generate()

    func append(_ pool: PostgresPool, _ count: Int) async throws {
        for n in 0..<count {
            try await pool.transaction { connection in
                try await AuditTrail.append(
                    AuditEntry(
                        actor: .person("ann"),
                        action: "approval.approve",
                        entity: ("approval", "apr-\(n)"),
                        changes: ["option": .int(n), "why": "ü\n\"quoted\""]
                    ),
                    on: connection
                )
            }
        }
    }

    func verify(_ pool: PostgresPool, _ checkpoints: [AuditCheckpoint] = []) async throws -> AuditVerifier.Report {
        try await AuditVerifier.verify(pool, organisation: "lab", checkpoints: checkpoints, keys: [key.publicKey])
    }

    /// Runs SQL as the owner of the cluster with every trigger off: the strongest forger there is.
    func forge(_ database: AgentOpsDatabase, _ sql: String) async throws {
        let connection = try await database.asSuperuser()
        try await connection.execute(script: "SET session_replication_role = replica; \(sql)")
        connection.close()
    }

    @Test func aChainThatNobodyTouchedIsWhole() async throws {
        let database = try await AgentOpsDatabase()
        let pool = PostgresPool(database.configuration("gate", "lab"), limit: 4)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 { group.addTask { try await append(pool, 5) } }
            try await group.waitForAll()
        }
        let report = try await verify(pool)
        #expect(report.isWhole && report.rows == 20)
        #expect(try await verify(PostgresPool(database.configuration("gate", "lab"), limit: 1)).isWhole)
    }

    @Test func aRolledBackChangeLeavesNoRow() async throws {
        let database = try await AgentOpsDatabase()
        let pool = PostgresPool(database.configuration("gate", "lab"), limit: 1)
        struct Doubt: Error {}
        await #expect(throws: Doubt.self) {
            try await pool.transaction { connection in
                try await AuditTrail.append(
                    AuditEntry(actor: .agent("a"), action: "x", entity: ("y", "z")),
                    on: connection
                )
                throw Doubt()
            }
        }
        #expect(try await verify(pool).rows == 0)
        await #expect(throws: AgentOpsError.self) {
            try await pool.withConnection {
                try await AuditTrail.append(AuditEntry(actor: .agent("a"), action: "x", entity: ("y", "z")), on: $0)
            }
        }
    }

    @Test(arguments: [
        ("UPDATE agentops.audit_logs SET actor_id = 'bob' WHERE seq = 3", 3),
        ("UPDATE agentops.audit_logs SET changes = '{\"option\":7}' WHERE seq = 4", 4),
        ("UPDATE agentops.audit_logs SET \"timestamp\" = \"timestamp\" + interval '1 microsecond' WHERE seq = 2", 2),
        ("DELETE FROM agentops.audit_logs WHERE seq = 5", 6),
        (
            "UPDATE agentops.audit_logs SET seq = CASE seq WHEN 2 THEN 103 ELSE 102 END WHERE seq IN (2, 3);"
                + "UPDATE agentops.audit_logs SET seq = seq - 100 WHERE seq > 100", 2
        ),
        (
            "UPDATE agentops.audit_heads SET seq = 7 WHERE org_id = 'lab'; DELETE FROM agentops.audit_logs WHERE seq > 7",
            7
        ),
    ])
    func everyForgeryIsFound(_ sql: String, _ seq: Int) async throws {
        let database = try await AgentOpsDatabase()
        let pool = PostgresPool(database.configuration("gate", "lab"), limit: 1)
        try await append(pool, 8)
        try await forge(database, sql)
        let report = try await verify(pool)
        #expect(report.problems.first?.seq == seq, "\(report.problems)")
    }

    @Test func aConsistentCutOrRewriteIsFoundByCheckpointsOnly() async throws {
        let database = try await AgentOpsDatabase()
        let pool = PostgresPool(database.configuration("gate", "lab"), limit: 1)
        let directory = try TemporaryDirectory()
        let checkpointer = AuditCheckpointer(
            pool: pool,
            organisation: "lab",
            key: key,
            path: directory.file("checkpoints.jsonl")
        )
        try await append(pool, 3)
        let first = try #require(try await checkpointer.checkpoint(after: nil))
        try await append(pool, 1)
        #expect(try await checkpointer.checkpoint(after: first, now: first.at + 1) == nil)
        #expect(try await checkpointer.checkpoint(after: first, now: first.at + 5)?.seq == 4)
        let checkpoints = try AuditCheckpoint.read(directory.file("checkpoints.jsonl"))
        #expect(try await verify(pool, checkpoints).covered == 4)

        try await forge(
            database,
            """
            DELETE FROM agentops.audit_logs WHERE seq > 2;
            UPDATE agentops.audit_heads h SET seq = 2, hash = l.hash FROM agentops.audit_logs l WHERE l.seq = 2
                AND l.org_id = h.org_id
            """
        )
        #expect(try await verify(pool).isWhole)
        #expect(try await verify(pool, checkpoints).problems.map(\.message).contains { $0.contains("was cut") })
        try await append(pool, 2)
        #expect(try await verify(pool).isWhole)
        #expect(try await verify(pool, checkpoints).problems.map(\.seq) == [3, 4])
    }

    @Test func aForgedCheckpointIsNotBelieved() async throws {
        let database = try await AgentOpsDatabase()
        let pool = PostgresPool(database.configuration("gate", "lab"), limit: 1)
        try await append(pool, 2)
        let head = try await AuditTrail.head(pool)
        let stranger = AuditCheckpoint(organisation: "lab", head: head, signedBy: SigningKey.generate())
        var altered = AuditCheckpoint(organisation: "lab", head: head, signedBy: key)
        altered.seq = 1
        let report = try await verify(pool, [stranger, altered])
        #expect(report.checkpoints == 0 && report.problems.count == 2)
    }

    @Test func erasingATextKeepsTheChainWhole() async throws {
        let database = try await AgentOpsDatabase()
        let pool = PostgresPool(database.configuration("gate", "lab"), limit: 1)
        try await append(pool, 3)
        try await forge(database, "UPDATE agentops.audit_logs SET changes = NULL WHERE seq = 2")
        let report = try await verify(pool)
        #expect(report.isWhole && report.erased == 1)
    }

    @Test func noRoleCanChangeARow() async throws {
        let database = try await AgentOpsDatabase()
        try await append(PostgresPool(database.configuration("gate", "lab"), limit: 1), 1)
        for role in AgentOpsSchema.roles {
            let connection = try await database.connect(role, "lab")
            for sql in [
                "UPDATE agentops.audit_logs SET actor_id = 'x'", "DELETE FROM agentops.audit_logs",
                "TRUNCATE agentops.audit_logs",
            ] {
                await #expect(throws: PostgresError.self, "\(role): \(sql)") { try await connection.query(sql) }
            }
            connection.close()
        }
        let owner = try await database.asSuperuser()
        await #expect(throws: PostgresError.self) { try await owner.query("DELETE FROM agentops.audit_logs") }
    }
}
