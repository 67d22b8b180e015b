import AgentOps
import OpsModel
import OpsPostgres
import OpsTestKit
import Testing

@testable import ControlPlane

/// Rows of judged runs in a real PostgreSQL, as the role that the referee has in a lab.
@Suite struct RunRecordsTests {
    private static func report(_ run: String, seed: UInt64 = 7) -> RunReport {
        RunReport(
            run: run,
            scenario: "db-lock",
            family: "writes-wait",
            seed: Int(truncatingIfNeeded: seed),
            draw: ["load": 120],
            commitment: "c",
            nonce: "n",
            agent: "builtin",
            autonomy: .approve,
            approver: "approve",
            isolation: "I2",
            verdict: "passed",
            passed: true,
            startedAt: Timestamp(secondsSinceEpoch: 1_700_000_000)
        )
    }

    private func database() async throws -> PostgresConfiguration {
        try await PostgresFixture.shared.database(template: "agentops-runs") { database in
            let connection = try await PostgresConnection.connect(database)
            defer { connection.close() }
            _ = try await AgentOpsSchema.migrator.up(connection)
        }
    }

    private func pool(_ database: PostgresConfiguration, as role: String, in organisation: String) -> PostgresPool {
        var configuration = database
        configuration.user = role
        configuration.options["agentops.org"] = organisation
        return PostgresPool(configuration, limit: 1)
    }

    @Test func aRunIsOneRowWithItsResultHoweverOftenItIsWritten() async throws {
        let database = try await database()
        let pool = pool(database, as: "referee", in: "referee")
        defer { pool.close() }
        var report = Self.report("run-1", seed: .max)
        report.detectS = 1.5
        let ended = report.startedAt + 90
        for _ in 0..<2 { try await RunRecords(pool).write(report, endedAt: ended) }
        let row = try await pool.query(
            """
            SELECT r.org_id, r.seed::text, r.state, r.ended_at, s.verdict, s.passed, s.figures->>'detect_s' AS detect_s,
                s.figures->'verified_s' = 'null' AS unmeasured, s.document->>'run' AS document
            FROM lab.scenario_runs r JOIN lab.scenario_results s ON s.run_id = r.id
            """
        ).only()
        #expect(row["org_id"] == "referee")
        #expect(row["seed"] == "18446744073709551615")
        #expect(row["state"] == "judged" && row["verdict"] == "passed" && row["passed"] == "t")
        #expect(row["detect_s"] == "1.5" && row["unmeasured"] == "t")
        #expect(row["document"] == "run-1")
    }

    @Test(arguments: ["agent", "gate", "observer", "action", "target"])
    func nobodyOfTheLabSeesIt(role: String) async throws {
        let database = try await database()
        let referee = pool(database, as: "referee", in: "referee")
        defer { referee.close() }
        try await RunRecords(referee).write(Self.report("run-2"), endedAt: .now())
        for organisation in ["lab", "referee"] {
            let stranger = pool(database, as: role, in: organisation)
            defer { stranger.close() }
            for table in ["lab.scenario_runs", "lab.scenario_results"] {
                let error = await #expect(throws: PostgresError.self) {
                    try await stranger.query("SELECT * FROM \(table)")
                }
                #expect(error?.sqlState == "42501")
            }
        }
        let operatorOfTheLab = pool(database, as: "operator", in: "lab")
        defer { operatorOfTheLab.close() }
        #expect(try await operatorOfTheLab.query("SELECT * FROM lab.scenario_runs").isEmpty)
    }
}
