import OpsModel
import OpsPostgres

/// One connection to the AgentOps tables and the statements that the recorder needs.
struct RecordDesk: Sendable {
    private let connection: PostgresConnection

    static func open(_ configuration: PostgresConfiguration) async throws(PostgresError) -> RecordDesk {
        RecordDesk(connection: try await PostgresConnection.connect(configuration))
    }

    var isClosed: Bool { connection.isClosed }

    func close() { connection.close() }

    /// Puts agent and run into their tables.
    ///
    /// An earlier run of the same agent that never ended was interrupted.
    func register(_ registration: Registration, run: String) async throws {
        try await connection.query("SELECT agentops.ensure_partitions()")
        try await connection.transaction { connection in
            try await connection.query(
                Self.registerAgent,
                [
                    .text(registration.id), .text(registration.name), .text(registration.kind.rawValue),
                    .text(registration.version), .optional(registration.autonomy), .json(registration.configuration),
                ]
            )
            try await connection.query(
                """
                UPDATE agentops.runs SET status = 'interrupted', end_time = now()
                WHERE agent_id = $1 AND kind = 'process' AND status = 'running' AND id <> $2
                """,
                [.text(registration.id), .text(run)]
            )
            try await connection.query(
                "INSERT INTO agentops.runs (id, agent_id, kind) VALUES ($1, $2, 'process') ON CONFLICT DO NOTHING",
                [.text(run), .text(registration.id)]
            )
        }
    }

    private static let registerAgent = """
        INSERT INTO agentops.agents AS a (id, name, type, version, autonomy_level, config, status, last_heartbeat_at)
        VALUES ($1, $2, $3, $4, $5, $6, 'running', now())
        ON CONFLICT (org_id, id) DO UPDATE SET name = excluded.name, version = excluded.version,
            autonomy_level = excluded.autonomy_level, config = excluded.config, last_heartbeat_at = now(),
            status = CASE WHEN a.status IN ('paused', 'revoked') THEN a.status ELSE 'running' END
        """

    func leave(_ registration: Registration, run: String) async throws(PostgresError) {
        try await connection.query(
            "UPDATE agentops.runs SET status = 'succeeded', end_time = now() WHERE id = $1 AND status = 'running'",
            [.text(run)]
        )
        try await connection.query(
            "UPDATE agentops.agents SET status = 'stopped', last_heartbeat_at = now() WHERE id = $1 AND status = 'running'",
            [.text(registration.id)]
        )
    }

    func beat(_ registration: Registration) async throws(PostgresError) {
        try await connection.query(
            "UPDATE agentops.agents SET last_heartbeat_at = now() WHERE id = $1",
            [.text(registration.id)]
        )
    }

    /// Becomes the writer: whoever wrote under this name before is shut out from now on.
    func takeOver(_ writer: String, from start: Int) async throws(PostgresError) -> (epoch: Int, last: Int) {
        let row = try await connection.query(
            """
            INSERT INTO agentops.writer_positions AS p (writer, last_n) VALUES ($1, $2)
            ON CONFLICT (org_id, writer) DO UPDATE SET epoch = p.epoch + 1, updated_at = now()
            RETURNING epoch, last_n
            """,
            [.text(writer), .int(max(0, start))]
        ).only()
        return (try row.int("epoch"), try row.int("last_n"))
    }

    func position(of writer: String) async throws(PostgresError) -> (epoch: Int, last: Int) {
        let row = try await connection.query(
            "SELECT epoch, last_n FROM agentops.writer_positions WHERE writer = $1",
            [.text(writer)]
        ).only()
        return (try row.int("epoch"), try row.int("last_n"))
    }

    /// Stores a batch and moves the position, both or neither; gives back how many rows were stored.
    func store(
        _ batch: [SpoolLine],
        writer: String,
        epoch: Int,
        after stored: Int
    ) async throws(PostgresError) -> Int {
        let document = Array("[".utf8) + batch.map(\.json).joined(separator: [UInt8(ascii: ",")]) + Array("]".utf8)
        return try await insert(document, writer, epoch, after: stored, through: stored + batch.count)
    }

    /// Moves the position over records that are gone, leaving one event that says so under the last of their numbers.
    func declareLoss(
        _ numbers: ClosedRange<Int>,
        members: [UInt8],
        writer: String,
        epoch: Int
    ) async throws(PostgresError) {
        let clock = Timestamp.now().microseconds
        let document = Array(#"[{"n":\#(numbers.upperBound),"clock":\#(clock),"#.utf8) + members + Array("]".utf8)
        let count = try await insert(
            document,
            writer,
            epoch,
            after: numbers.lowerBound - 1,
            through: numbers.upperBound
        )
        guard count == 1 else { throw PostgresError(.connectionLost, "the writer's position has moved") }
    }

    private func insert(
        _ document: [UInt8],
        _ writer: String,
        _ epoch: Int,
        after stored: Int,
        through last: Int
    ) async throws(PostgresError) -> Int {
        try await connection.query(
            Self.insertEvents,
            [.text(writer), .int(epoch), .int(stored), .int(last), .json(document)]
        ).affected
    }

    private static let insertEvents = """
        WITH e AS MATERIALIZED (
            SELECT * FROM ROWS FROM (jsonb_to_recordset($5::jsonb) AS (n bigint, clock bigint, stream text, event_type text,
                "timestamp" timestamptz, run_id text, incident_id text, trace_id text, span_id text, parent_span_id text,
                payload jsonb)) WITH ORDINALITY
                AS e (n, clock, stream, event_type, "timestamp", run_id, incident_id, trace_id, span_id, parent_span_id,
                    payload, place)
        ), w AS (
            UPDATE agentops.writer_positions SET last_n = $4, updated_at = now()
            WHERE writer = $1 AND epoch = $2 AND last_n = $3 RETURNING 1
        ), c AS (
            UPDATE agentops.org_seq SET next = next + (SELECT count(*) FROM e)
            WHERE EXISTS (SELECT FROM w) RETURNING next
        )
        INSERT INTO agentops.events (seq, id, writer, n, clock, stream, event_type, "timestamp", run_id, incident_id,
            trace_id, span_id, parent_span_id, payload)
        SELECT c.next - (SELECT count(*) FROM e) + e.place - 1, $1 || '/' || e.n, $1, e.n, e.clock, e.stream,
            e.event_type, e."timestamp", e.run_id, e.incident_id, e.trace_id, e.span_id, e.parent_span_id,
            coalesce(e.payload, '{}')
        FROM c CROSS JOIN e
        """
}
