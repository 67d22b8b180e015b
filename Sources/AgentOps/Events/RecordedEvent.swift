public import OpsModel
public import OpsPostgres

/// An event as it is stored and sent: the envelope that tables and streams have in common.
///
/// `seq` is the order of arrival in its organisation, without gaps, and serves as a cursor. What happened first is told by
/// `clock`, which grows with every record of a writer and follows the wall clock between writers.
public struct RecordedEvent: Hashable, Sendable, Codable {
    /// The order of arrival.
    public var seq: Int
    /// The name of the event: its writer and number.
    public var id: String
    /// Which side of the story it belongs to.
    public var stream: Event.Stream
    /// What happened.
    public var type: String
    /// Who wrote it down.
    public var writer: String
    /// The writer's own number.
    public var n: Int
    /// When it happened.
    public var occurredAt: Timestamp
    /// Its place in the order of happening.
    public var clock: Int
    /// The run it belongs to.
    public var runID: String?
    /// The incident it belongs to.
    public var incidentID: String?
    /// The trace it belongs to.
    public var traceID: String?
    /// The span that caused it.
    public var parent: String?
    /// What else is known.
    public var payload: JSONValue

    enum CodingKeys: String, CodingKey {
        case seq, id, stream, type, writer, n, clock, parent, payload
        case occurredAt = "occurred_at"
        case runID = "run_id"
        case incidentID = "incident_id"
        case traceID = "trace_id"
    }

    init(_ row: PostgresRow) throws(PostgresError) {
        guard let stream = Event.Stream(rawValue: try row.string("stream")) else {
            throw PostgresError(.badValue, "an event of an unknown stream")
        }
        seq = try row.int("seq")
        id = try row.string("id")
        self.stream = stream
        type = try row.string("event_type")
        writer = try row.string("writer")
        n = try row.int("n")
        occurredAt = try row.timestamp("timestamp")
        clock = try row.int("clock")
        runID = row["run_id"]
        incidentID = row["incident_id"]
        traceID = row["trace_id"]
        parent = row["parent_span_id"]
        payload = try row.json("payload")
    }
}

/// Questions about what was recorded, answered in the organisation of the connection.
public struct EventArchive: Sendable {
    private let pool: PostgresPool
    private static let columns = """
        seq, id, stream, event_type, writer, n, "timestamp", clock, run_id, incident_id, trace_id, parent_span_id, payload
        """

    /// Reads through this pool, whose connections carry the organisation.
    public init(_ pool: PostgresPool) { self.pool = pool }

    /// Up to `limit` events that arrived after a cursor, in the order of arrival.
    public func events(after seq: Int, limit: Int = 500) async throws(PostgresError) -> [RecordedEvent] {
        try read(
            try await pool.query(
                "SELECT \(Self.columns) FROM agentops.events WHERE seq > $1 ORDER BY seq LIMIT $2",
                [.int(seq), .int(limit)]
            )
        )
    }

    /// The story of an incident in the order in which it happened.
    public func timeline(incident: String) async throws(PostgresError) -> [RecordedEvent] {
        try read(try await ordered("incident_id", incident))
    }

    /// The story of a run in the order in which it happened.
    public func timeline(run: String) async throws(PostgresError) -> [RecordedEvent] {
        try read(try await ordered("run_id", run))
    }

    /// The story of a trace in the order in which it happened.
    public func timeline(trace: String) async throws(PostgresError) -> [RecordedEvent] {
        try read(try await ordered("trace_id", trace))
    }

    private func ordered(_ column: String, _ value: String) async throws(PostgresError) -> PostgresRows {
        try await pool.query(
            "SELECT \(Self.columns) FROM agentops.events WHERE \(column) = $1 ORDER BY clock, seq LIMIT 10000",
            [.text(value)]
        )
    }

    private func read(_ rows: PostgresRows) throws(PostgresError) -> [RecordedEvent] {
        var events: [RecordedEvent] = []
        for row in rows { events.append(try RecordedEvent(row)) }
        return events
    }
}
