public import OpsModel
public import OpsService

/// Something that happened, on its way into the records.
public struct Event: Hashable, Sendable {
    /// Which side of the story an event belongs to.
    public enum Stream: String, Hashable, Sendable, Codable, CaseIterable {
        case lifecycle
        case assistant
        case tool
        case signal
        case action
        case approval
        case fault
    }

    /// Which side of the story it belongs to.
    public var stream: Stream
    /// What happened, in dotted words such as `incident.opened`.
    public var type: String
    /// When it happened, which may be long before it is stored.
    public var occurredAt: Timestamp
    /// The run it belongs to; nil for the run of the process.
    public var runID: String?
    /// The incident it belongs to.
    public var incidentID: String?
    /// The trace it belongs to.
    public var traceID: String?
    /// Its own span in that trace.
    public var spanID: String?
    /// The span that caused it.
    public var parentSpanID: String?
    /// What else is known about it.
    public var payload: JSONValue

    /// An event of now, in the trace of the current task.
    public init(
        _ stream: Stream,
        _ type: String,
        incident: String? = nil,
        run: String? = nil,
        trace: String? = TraceContext.traceID,
        at occurredAt: Timestamp = .now(),
        payload: JSONValue = [:]
    ) {
        self.stream = stream
        self.type = type
        self.occurredAt = occurredAt
        runID = run
        incidentID = incident
        traceID = trace
        self.payload = payload
    }
}

/// The members of an event as they lie in the spool and as the database reads them; number and clock are put before them.
struct SpooledEvent: Encodable {
    var event: Event
    var runID: String

    enum CodingKeys: String, CodingKey {
        case stream
        case eventType = "event_type"
        case timestamp
        case runID = "run_id"
        case incidentID = "incident_id"
        case traceID = "trace_id"
        case spanID = "span_id"
        case parentSpanID = "parent_span_id"
        case payload
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(event.stream, forKey: .stream)
        try container.encode(event.type, forKey: .eventType)
        try container.encode(event.occurredAt, forKey: .timestamp)
        try container.encode(event.runID ?? runID, forKey: .runID)
        try container.encodeIfPresent(event.incidentID, forKey: .incidentID)
        try container.encodeIfPresent(event.traceID, forKey: .traceID)
        try container.encodeIfPresent(event.spanID, forKey: .spanID)
        try container.encodeIfPresent(event.parentSpanID, forKey: .parentSpanID)
        try container.encode(event.payload, forKey: .payload)
    }

    private static let largest = 256 << 10

    /// The JSON members without the opening brace; a payload beyond 256 KiB is replaced by its size.
    func members() -> [UInt8] {
        do {
            let bytes = Self.withoutNUL(Array(try OpsJSON.encode(self).dropFirst()))
            guard bytes.count > Self.largest else { return bytes }
            var bare = self
            bare.event.payload = ["oversized_bytes": .int(bytes.count)]
            return Array(try OpsJSON.encode(bare).dropFirst())
        } catch {  // only a number that JSON does not know gets here: keep the event, say what is missing
            var bare = self
            bare.event.payload = ["unencodable": .string("\(error)")]
            return (try? OpsJSON.encode(bare)).map { Array($0.dropFirst()) } ?? []  // plain text cannot fail
        }
    }

    /// PostgreSQL's text has no NUL; the replacement character stands for it.
    private static func withoutNUL(_ bytes: [UInt8]) -> [UInt8] {
        let escape = Array(#"\u0000"#.utf8)
        guard bytes.firstRange(of: escape) != nil else { return bytes }
        return bytes.replacing(escape, with: Array(#"\ufffd"#.utf8))
    }
}
