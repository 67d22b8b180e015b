internal import OpsModel
internal import OpsPostgres
internal import OpsService
internal import Synchronization

/// Puts samples and log lines into the `lab` tables in batches, and loses the oldest when the database stays away.
///
/// Nothing that detects or answers waits for it: it takes copies, and forgets rather than holds anybody up.
final class TelemetryWriter: Service {
    /// What waits to be written.
    private struct Waiting {
        var samples: [TelemetrySample] = []
        var lines: [TelemetryLine] = []
        var dropped = 0
    }

    private let configuration: PostgresConfiguration
    private let store: WorldStore
    private let map: TargetMap
    private let logger: Logger
    private let metrics: ObserverMetrics
    private let waiting = Mutex(Waiting())

    /// Rows kept at most while the database is away: about ten minutes of a small shop.
    private static let limit = 50_000

    init(
        configuration: PostgresConfiguration,
        map: TargetMap,
        store: WorldStore,
        logger: Logger,
        metrics: ObserverMetrics
    ) {
        self.configuration = configuration
        self.map = map
        self.store = store
        self.logger = logger
        self.metrics = metrics
    }

    /// Rows that are not written yet.
    var waitingRows: Int { waiting.withLock { $0.samples.count + $0.lines.count } }

    /// Takes notable log lines; returns at once.
    func keep(_ lines: [TelemetryLine]) {
        waiting.withLock { waiting in
            waiting.lines += lines
            waiting.dropped += Self.trim(&waiting.lines)
        }
    }

    func run() async throws {
        var digest = TelemetryDigest(map: map, since: .now())
        var connection: PostgresConnection?
        while !Task.isCancelled {
            try await Task.sleep(for: .seconds(1))
            let samples = digest.samples(of: store.snapshot, now: .now())
            waiting.withLock { waiting in
                waiting.samples += samples
                waiting.dropped += Self.trim(&waiting.samples)
            }
            connection = await write(with: connection)
        }
    }

    private static func trim<Row>(_ rows: inout [Row]) -> Int {
        let surplus = max(0, rows.count - limit)
        rows.removeFirst(surplus)
        return surplus
    }

    /// Writes what waits; on failure it waits on, and the connection is made anew next time.
    private func write(with connection: PostgresConnection?) async -> PostgresConnection? {
        let batch = waiting.withLock { waiting in
            defer { waiting = Waiting() }
            return waiting
        }
        if batch.dropped > 0 { metrics.failures.add(Double(batch.dropped), ["telemetry"]) }
        do {
            let open: PostgresConnection
            if let connection, !connection.isClosed {
                open = connection
            } else {
                open = try await PostgresConnection.connect(configuration)
            }
            try await copy(batch.samples, batch.lines, open)
            return open
        } catch {
            connection?.close()
            waiting.withLock { waiting in
                waiting.samples = batch.samples + waiting.samples
                waiting.lines = batch.lines + waiting.lines
            }
            metrics.failures.add(1, ["telemetry"])
            logger.debug("telemetry waits", ["error": .string(error.description)])
            return nil
        }
    }

    private func copy(
        _ samples: [TelemetrySample],
        _ lines: [TelemetryLine],
        _ connection: PostgresConnection
    ) async throws(PostgresError) {
        if !samples.isEmpty {
            try await connection.query(Self.insertSamples, [.json(Self.document(samples))], within: .seconds(5))
        }
        if !lines.isEmpty {
            try await connection.query(Self.insertLines, [.json(Self.document(lines))], within: .seconds(5))
        }
    }

    private static let insertSamples = #"""
        INSERT INTO lab.samples (at, component, instance, metric, value, unit, vantage, starved)
        SELECT r.at, r.component, r.instance, r.metric, r.value, r.unit, r.vantage, r.starved
          FROM jsonb_to_recordset($1) AS r(at timestamptz, component text, instance text, metric text,
               value double precision, unit text, vantage text, starved boolean)
        """#

    private static let insertLines = #"""
        WITH r AS (
            SELECT * FROM jsonb_to_recordset($1) AS r(at timestamptz, component text, instance text, level text,
                template_id text, template text, code text, trace_id text, message text)
        ), known AS (
            INSERT INTO lab.templates AS t (id, component, level, template, first_seen, last_seen, count)
            SELECT template_id, min(component), min(level), min(template), min(at), max(at), count(*)
              FROM r GROUP BY template_id
            ON CONFLICT (org_id, id) DO UPDATE SET last_seen = greatest(t.last_seen, excluded.last_seen),
                count = t.count + excluded.count, template = excluded.template
        )
        INSERT INTO lab.log_lines (at, component, instance, level, template_id, code, trace_id, message)
        SELECT at, component, instance, level, template_id, code, trace_id, message FROM r
        """#

    private static func document(_ samples: [TelemetrySample]) -> JSONValue {
        .array(
            samples.map { sample in
                [
                    "at": .string(sample.at.description), "component": .string(sample.component),
                    "instance": .string(sample.instance), "metric": .string(sample.metric),
                    "value": .double(sample.value), "unit": .string(sample.unit), "vantage": .string(sample.vantage),
                    "starved": .bool(sample.isStarved),
                ]
            }
        )
    }

    private static func document(_ lines: [TelemetryLine]) -> JSONValue { .array(lines.map(\.document)) }
}
