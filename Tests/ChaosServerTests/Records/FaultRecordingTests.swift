import OpsModel
import OpsPostgres
import OpsRuntime
import OpsService
import OpsSystem
import OpsTestKit
import Synchronization
import Testing

@testable import ChaosServer

/// A real database with the table's columns, and journals as an ended fault leaves them.
@Suite("What the referee is told of faults")
struct FaultRecordingTests {
    private static let fault = "recordedfault"
    private let directory: TemporaryDirectory
    private let database: PostgresConfiguration

    /// Counts events.
    private final class Count: Sendable {
        private let events = Mutex(0)
        var value: Int { self.events.withLock { $0 } }
        func add() { self.events.withLock { $0 += 1 } }
    }

    init() async throws {
        self.directory = try TemporaryDirectory()
        self.database = try await PostgresFixture.shared.database(template: "faults") { configuration in
            let connection = try await PostgresConnection.connect(configuration)
            defer { connection.close() }
            try await connection.execute(
                script: """
                    CREATE SCHEMA lab;
                    CREATE TABLE lab.faults (org_id text NOT NULL DEFAULT 'referee', id text NOT NULL, kind text, class text,
                        target text, state text, run_id text, lease_until timestamptz, requested_at timestamptz,
                        applied_at timestamptz, ended_at timestamptz, outcome text, document jsonb, PRIMARY KEY (org_id, id));
                    """
            )
        }
        let log = try FaultStore(state: self.directory.path).create(Self.fault)
        var line = JournalLine(.intended)
        line.plan = self.plan
        try log.append(line)
        try log.append(JournalLine(.closed(.reverted)))
    }

    private var plan: FaultPlan {
        FaultPlan(
            id: Self.fault,
            kind: .cacheCorruption,
            persistence: .event,
            target: "cache",
            with: [:],
            resource: .directory("cache"),
            shared: SharedPaths(claims: "/", locks: "/"),
            effects: [],
            leaseS: 60,
            deadline: 0,
            requestedAt: .now(),
            yieldsTo: []
        )
    }

    private var path: String { self.directory.file("recorded.json") }

    private func recording(_ count: Count, _ database: PostgresConfiguration, path: String) -> FaultRecording {
        FaultRecording(
            store: FaultStore(state: self.directory.path),
            record: { _ in count.add() },
            pool: PostgresPool(database, limit: 1),
            path: path,
            logger: .silent
        )
    }

    /// Lets it run until the condition holds, then stops it in good order.
    private func run(_ recording: FaultRecording, until what: String, _ condition: () async throws -> Bool) async throws
    {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await recording.run() }
            try await eventually(what, condition)
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    private func states(_ witness: PostgresConnection) async throws -> [String] {
        try await witness.query("SELECT state FROM lab.faults").map { try $0.string("state") }
    }

    @Test("a row that the database did not take before a stop comes after the next start, and no event comes twice")
    func rowSurvivesAStop() async throws {
        let count = Count()
        var away = self.database
        away.host = self.directory.path
        try await self.run(self.recording(count, away, path: self.path), until: "the event is told") {
            FileSystem.exists(self.path)
        }
        #expect(count.value == 1)
        let witness = try await PostgresConnection.connect(self.database)
        defer { witness.close() }
        #expect(try await self.states(witness).isEmpty)
        try await self.run(self.recording(count, self.database, path: self.path), until: "the row is there") {
            try await !self.states(witness).isEmpty
        }
        #expect(try await self.states(witness) == ["reverted"])
        #expect(count.value == 1)
    }

    @Test("rows are written although it cannot be kept what was told")
    func unwritableProgress() async throws {
        let count = Count()
        let witness = try await PostgresConnection.connect(self.database)
        defer { witness.close() }
        let recording = self.recording(count, self.database, path: self.directory.file("missing/recorded.json"))
        try await self.run(recording, until: "the row is there") { try await !self.states(witness).isEmpty }
        #expect(count.value == 1)
    }
}
