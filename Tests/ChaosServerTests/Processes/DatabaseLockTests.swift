import ChaosClient
import OpsModel
import OpsPostgres
import OpsSystem
import OpsTestKit
import Testing

@Suite("A session that keeps locks", .serialized)
struct DatabaseLockTests {
    private func request(_ with: [String: JSONValue] = [:], leaseS: Double = 30) -> FaultRequest {
        FaultRequest(target: "db", roles: ["culprit": "report"], with: with, leaseS: leaseS)
    }

    @Test("Rows are held, look like the report's, and are free again after DELETE")
    func heldAndReverted() async throws {
        try await ChaosLab.with { lab in
            let record = try await lab.client.inject("db-lock", self.request())
            #expect(record.state == .verified)
            #expect(record.achieved == 40)
            #expect(record.appliedAt != nil)
            let witness = try await PostgresConnection.connect(lab.database)
            defer { witness.close() }
            let session = try await witness.query(
                "SELECT usename, state, application_name FROM pg_stat_activity WHERE application_name LIKE 'shop-report-%' AND datname = current_database()"
            ).only()
            #expect(session["usename"] == "report")
            #expect(session["state"] == "idle in transaction")
            #expect(ClientName(parsing: session["application_name"] ?? "")?.base == "shop-report")
            #expect(try await Rows.areLocked(witness))
            let ended = try await lab.client.revert(record.id)
            #expect(ended.state == .reverted)
            #expect(ended.endCause == "request")
            #expect(ended.outcome == ["reverted": 1])
            #expect(try await !Rows.areLocked(witness))
        }
    }

    @Test("Ending the session is a repair: nothing comes back, and the undo says superseded")
    func repaired() async throws {
        try await ChaosLab.with { lab in
            let record = try await lab.client.inject(
                "db-lock",
                self.request(["mode": "table", "as": "operator-shell"])
            )
            let witness = try await PostgresConnection.connect(lab.database)
            defer { witness.close() }
            #expect(try await Rows.areLocked(witness))
            try await witness.query(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'psql-%' AND datname = current_database()"
            )
            try await eventually("the repair holds") { try await !Rows.areLocked(witness) }
            try await eventually("the holder has noticed") {
                try await lab.client.fault(record.id).endedAt == nil && lab.hasLine("released", about: record.id)
            }
            let ended = try await lab.client.revert(record.id)
            #expect(ended.state == .superseded)
            #expect(ended.outcome == ["superseded": 1])
        }
    }

    @Test("The lease ends it")
    func lease() async throws {
        try await ChaosLab.with { lab in
            let record = try await lab.client.inject("db-lock", self.request(leaseS: 1))
            try await eventually("the lease is over", within: .seconds(4)) {
                try await lab.client.fault(record.id).endedAt != nil
            }
            let ended = try await lab.client.fault(record.id)
            #expect(ended.endCause == "lease")
            let witness = try await PostgresConnection.connect(lab.database)
            defer { witness.close() }
            #expect(try await !Rows.areLocked(witness))
        }
    }
}

/// Whether somebody holds the stock.
enum Rows {
    static func areLocked(_ connection: PostgresConnection) async throws -> Bool {
        do {
            try await connection.query("BEGIN")
            try await connection.query("SET LOCAL lock_timeout = '150ms'")
            try await connection.query("UPDATE stock SET available = available")
            try await connection.query("ROLLBACK")
            return false
        } catch  where error.sqlState == "55P03" {
            try await connection.query("ROLLBACK")
            return true
        }
    }
}
