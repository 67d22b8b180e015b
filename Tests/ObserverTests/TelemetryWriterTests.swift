import AgentOps
import OpsModel
import OpsPostgres
import OpsService
import OpsTestKit
import Testing

@testable import Observer

/// Rows in the real tables, under Observer's own role.
@Suite("TelemetryWriter")
struct TelemetryWriterTests {
    private func database() async throws -> PostgresConfiguration {
        try await PostgresFixture.shared.database(template: "agentops-for-observer") { configuration in
            let connection = try await PostgresConnection.connect(configuration)
            defer { connection.close() }
            try await AgentOpsSchema.migrator.up(connection)
        }
    }

    private func world(at now: Timestamp) -> World {
        var world = World()
        var watch = JourneyWatch(name: "checkout", objective: 0.99)
        for half in 0..<4 {
            let bucket = JourneyBucket(seq: half, journey: "checkout", from: now + Double(half) * 0.5, good: 7, bad: 1)
            _ = watch.observe(ObservedBucket(bucket: bucket, isStarved: false))
        }
        world.journeys["checkout"] = watch
        return world
    }

    @Test("each half second and each line is stored once")
    func stores() async throws {
        let superuser = try await database()
        var entry = superuser
        entry.user = "observer"
        entry.options["agentops.org"] = "lab"
        let store = WorldStore(world(at: .now() + 0.6))
        let writer = TelemetryWriter(
            configuration: entry,
            map: Fixture.map,
            store: store,
            logger: .silent,
            metrics: ObserverMetrics(MetricsRegistry())
        )
        let record = LogRecord(level: "error", message: "no \u{0}login for 7", codes: ["sqlstate": "28P01"])
        let line = TelemetryLine(
            at: .now(),
            component: "api",
            instance: "api-1",
            template: "no login for <*>",
            record: record
        )
        writer.keep([line, line])
        let reader = try await PostgresConnection.connect(superuser)
        defer { reader.close() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await writer.run() }
            let deadline = ContinuousClock.now + .seconds(20)
            while ContinuousClock.now < deadline {
                let samples = try await reader.query(
                    "SELECT count(*) AS n FROM lab.samples WHERE metric = 'journey.bad'"
                )
                let lines = try await reader.query("SELECT count(*) AS n FROM lab.log_lines")
                if try samples[0].int("n") == 4, try lines[0].int("n") == 2 { break }
                try await Task.sleep(for: .milliseconds(50))
            }
            group.cancelAll()
            _ = await group.nextResult()
        }
        let samples = try await reader.query(
            "SELECT count(*) AS n, sum(value) AS bad FROM lab.samples WHERE metric = 'journey.bad'"
        )
        #expect(try samples[0].int("n") == 4)
        #expect(try samples[0].double("bad") == 4)
        let templates = try await reader.query("SELECT count, component, template FROM lab.templates")
        #expect(templates.count == 1)
        #expect(try templates[0].int("count") == 2)
        let lines = try await reader.query("SELECT DISTINCT code, message, org_id FROM lab.log_lines")
        #expect(lines.count == 1)
        #expect(lines[0]["code"] == "28P01")
        #expect(lines[0]["org_id"] == "lab")
    }

    @Test("a database that is away costs nobody anything but memory, and that is bounded")
    func away() {
        var nowhere = PostgresConfiguration(host: "127.0.0.1", port: 1, user: "observer", database: "none")
        nowhere.connectTimeout = .milliseconds(100)
        let writer = TelemetryWriter(
            configuration: nowhere,
            map: Fixture.map,
            store: WorldStore(),
            logger: .silent,
            metrics: ObserverMetrics(MetricsRegistry())
        )
        let line = TelemetryLine(
            at: .now(),
            component: "api",
            instance: "api-1",
            template: "t",
            record: LogRecord(level: "error", message: "m")
        )
        let started = ContinuousClock.now
        for _ in 0..<60 { writer.keep(Array(repeating: line, count: 1_000)) }
        #expect(started.duration(to: .now) < .seconds(5))
        #expect(writer.waitingRows == 50_000)
    }
}
