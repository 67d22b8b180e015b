import OpsModel
import OpsPostgres
import OpsService
import OpsTestKit
import Testing

@testable import Observer

/// The read about statements against a server that counts them, as the shop's cluster in a lab does.
@Suite("pg.statement_vs_baseline on a real server")
struct StatementReadTests {
    private static let server = PostgresFixture(settings: [
        "shared_preload_libraries=pg_stat_statements", "pg_stat_statements.track_utility=off",
    ])

    private func observer(of owner: PostgresConfiguration, withExtension: Bool) async throws -> PostgresConfiguration {
        let role = "observer_\(Identifier.random(length: 8))"
        let connection = try await PostgresConnection.connect(owner)
        defer { connection.close() }
        if withExtension { try await connection.execute(script: "CREATE EXTENSION pg_stat_statements") }
        try await connection.execute(script: "CREATE ROLE \(role) LOGIN; GRANT pg_monitor TO \(role)")
        var observer = owner
        observer.user = role
        return observer
    }

    private func sampler(_ configuration: PostgresConfiguration, _ store: WorldStore) -> PostgresSampler {
        PostgresSampler(
            configuration: configuration,
            map: Fixture.map,
            store: store,
            metrics: ObserverMetrics(MetricsRegistry())
        )
    }

    private func answer(_ store: WorldStore, at now: Timestamp) -> ReadAnswer {
        ReadEvaluator(map: Fixture.map, world: store.snapshot, now: now)
            .answer(ReadQuery(read: "pg.statement_vs_baseline", component: "db"))
    }

    @Test("a statement that became slow is named with its means in calm and now")
    func slower() async throws {
        let owner = try await Self.server.database()
        let store = WorldStore()
        let sampler = self.sampler(try await self.observer(of: owner, withExtension: true), store)
        let shop = try await PostgresConnection.connect(owner)
        defer { shop.close() }
        let start = Timestamp.now()
        /// One look of Observer every two seconds of its own time, with calls of the shop in between.
        func look(_ number: Int, calls: Int, seconds: String) async throws {
            for _ in 0..<calls { try await shop.query("SELECT pg_sleep($1::text::float8)", [.text(seconds)]) }
            await sampler.sample(Tick(at: start + Double(number) * 2, number: number * 4, isStarved: false))
        }
        try await look(0, calls: 1, seconds: "0.001")
        #expect(store.snapshot.isCalm(at: start), "a world without journeys has nothing that burns")
        for number in 1...3 { try await look(number, calls: 10, seconds: "0.001") }
        for number in 4...6 { try await look(number, calls: 3, seconds: "0.05") }
        let found = self.answer(store, at: start + 12.1)
        #expect(found.status == .ok, "\(found.reason ?? "")")
        let rows = found.rows.filter { $0["statement"]?.stringValue?.hasPrefix("SELECT pg_sleep") == true }
        let row = try #require(rows.first)
        #expect((row["mean_ms"]?.doubleValue ?? 0) >= 50)
        #expect((row["baseline_ms"]?.doubleValue ?? 99) < 50)
    }

    @Test("a server that does not count says so, and the read is no answer")
    func uncounted() async throws {
        let store = WorldStore()
        let owner = try await Self.server.database()
        await self.sampler(try await self.observer(of: owner, withExtension: false), store)
            .sample(Tick(at: .now(), number: 0, isStarved: false))
        let found = self.answer(store, at: .now())
        #expect(found.status != .ok)
        #expect(found.reason == "the extension pg_stat_statements is not installed there")
    }
}
