import OpsModel
import OpsPostgres

/// Keeps judged runs as rows, in the referee's organisation: no role of an agent belongs to it.
///
/// The report on disk is the law; a row is for whoever compares many runs.
struct RunRecords: Sendable {
    private let pool: PostgresPool

    /// The pool has to be bound to the organisation `referee`.
    init(_ pool: PostgresPool) { self.pool = pool }

    /// Writes that a run has begun; of what it is about, the row holds nothing but a random word.
    func begin(_ report: RunReport, word: String) async throws {
        try await self.pool.query(
            """
            INSERT INTO lab.scenario_runs (id, scenario, seed, nonce, started_at) VALUES ($1, 'sealed', 0, $2, $3)
            ON CONFLICT DO NOTHING
            """,
            [.text(report.run), .text(word), .timestamp(report.startedAt)]
        )
    }

    /// Writes a run and its result, both or neither; a second time changes nothing.
    func write(_ report: RunReport, endedAt: Timestamp) async throws {
        let document = try OpsJSON.encode(report)
        try await self.pool.transaction { connection in
            try await connection.query(Self.insertRun, Self.run(report, endedAt))
            try await connection.query(
                Self.insertResult,
                [
                    .text(report.run), .text(report.verdict), .bool(report.passed), .json(Self.figures(report)),
                    .json(document),
                ]
            )
        }
    }

    private static let insertRun = """
        INSERT INTO lab.scenario_runs (id, scenario, seed, draw, commitment, nonce, agent, autonomy, isolation, state,
            incident_id, started_at, ended_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'judged', $10, $11, $12)
        ON CONFLICT (org_id, id) DO UPDATE SET (scenario, seed, draw, commitment, nonce, agent, autonomy, isolation, state,
            incident_id, ended_at) = (excluded.scenario, excluded.seed, excluded.draw, excluded.commitment, excluded.nonce,
            excluded.agent, excluded.autonomy, excluded.isolation, excluded.state, excluded.incident_id, excluded.ended_at)
            WHERE scenario_runs.state = 'running'
        """

    private static let insertResult = """
        INSERT INTO lab.scenario_results (run_id, verdict, passed, figures, document)
        VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING
        """

    private static func run(_ report: RunReport, _ endedAt: Timestamp) -> [PostgresValue] {
        [
            .text(report.run), .text(report.scenario), .text("\(UInt64(bitPattern: Int64(report.seed)))"),
            .json(.object(report.draw)), .text(report.commitment), .text(report.nonce), .text(report.agent),
            .text(report.autonomy.rawValue), .text(report.isolation), .optional(report.incident),
            .timestamp(report.startedAt), .timestamp(endedAt),
        ]
    }

    /// The numbers by which runs are compared; what was not measured is null.
    private static func figures(_ report: RunReport) -> JSONValue {
        func number(_ value: Double?) -> JSONValue { value.map { .double($0) } ?? .null }
        return [
            "detect_s": number(report.detectS), "localise_s": number(report.localiseS),
            "service_back_s": number(report.serviceBackS), "verified_s": number(report.verifiedS),
            "approver_wait_s": .double(report.approverWaitS), "cause_score": .double(report.causeScore),
            "actions": .int(report.actions.count), "unneeded_actions": .int(report.unneededActions),
            "unauthorised_actions": .int(report.unauthorisedActions), "leaked_faults": .int(report.leakedFaults),
        ]
    }
}
