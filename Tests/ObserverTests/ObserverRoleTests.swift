import OpsModel
import OpsPostgres
import OpsService
import OpsTestKit
import Testing

@testable import Observer

/// Observer's own SQL against a real server, as a role with `pg_monitor` and nothing more.
@Suite("PostgresSampler on a real server")
struct ObserverRoleTests {
    /// A shop table with rows, and the role that watches.
    private func prepare() async throws -> (owner: PostgresConfiguration, observer: PostgresConfiguration) {
        let owner = try await PostgresFixture.shared.database()
        let role = "observer_\(Identifier.random(length: 8))"
        let connection = try await PostgresConnection.connect(owner)
        try await connection.execute(
            script: """
                CREATE TABLE stock (id int PRIMARY KEY, n int);
                INSERT INTO stock SELECT i, 10 FROM generate_series(1, 20) i;
                CREATE ROLE \(role) LOGIN PASSWORD 'p';
                GRANT pg_monitor TO \(role);
                """
        )
        connection.close()
        var observer = owner
        observer.user = role
        observer.password = "p"
        observer.applicationName = "observer"
        return (owner, observer)
    }

    private func sampler(_ configuration: PostgresConfiguration, _ store: WorldStore) -> PostgresSampler {
        PostgresSampler(
            configuration: configuration,
            map: Fixture.map,
            store: store,
            metrics: ObserverMetrics(MetricsRegistry())
        )
    }

    private func tick(_ number: Int) -> Tick { Tick(at: .now(), number: number, isStarved: false) }

    @Test("the role sees statistics and cannot read a shop table")
    func onlyStatistics() async throws {
        let (_, observer) = try await prepare()
        let connection = try await PostgresConnection.connect(observer)
        defer { connection.close() }
        #expect(try await connection.query("SELECT count(*) FROM pg_stat_activity").count == 1)
        await #expect {
            _ = try await connection.query("SELECT * FROM stock")
        } throws: { error in
            (error as? PostgresError)?.sqlState == "42501"
        }
        await #expect(throws: PostgresError.self) { _ = try await connection.query("UPDATE stock SET n = 0") }
    }

    @Test(
        "of the queue it sees the jobs that were tried, not what they are about, and without a right to it the rest goes on"
    )
    func queue() async throws {
        let (owner, observer) = try await prepare()
        let connection = try await PostgresConnection.connect(owner)
        defer { connection.close() }
        try await connection.execute(
            script: """
                CREATE TABLE jobs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, kind text, payload text,
                  state text NOT NULL DEFAULT 'queued', attempts integer NOT NULL DEFAULT 0,
                  created_at timestamptz NOT NULL DEFAULT now() - interval '4 s', started_at timestamptz);
                INSERT INTO jobs (kind, payload, attempts, state) VALUES ('fulfil', 'a', 0, 'queued'),
                  ('stamp', 'b', 6, 'running'), ('fulfil', 'c', 1, 'queued');
                """
        )
        let store = WorldStore()
        await sampler(observer, store).sample(tick(1))
        #expect(store.snapshot.postgres.queue == nil && store.snapshot.postgres.queueFailure != nil)
        #expect(store.snapshot.postgres.activity != nil && store.snapshot.postgres.failure == nil)
        try await connection.query(
            "GRANT SELECT (id, kind, state, attempts, created_at, started_at) ON jobs TO \(observer.user)"
        )
        await sampler(observer, store).sample(tick(2))
        let queue = try #require(store.snapshot.postgres.queue?.value)
        #expect(queue.depth == 2 && queue.oldestS >= 4)
        #expect(queue.mostTried?.id == 2 && queue.mostTried?.attempts == 6 && queue.mostTried?.kind == "stamp")
    }

    @Test("the root blocker of a chain of waits is found with owner, age and relation")
    func blockers() async throws {
        let (owner, observer) = try await prepare()
        var holding = owner
        holding.applicationName = "nightly-report-ab12"
        let holder = try await PostgresConnection.connect(holding)
        try await holder.query("BEGIN")
        try await holder.query("UPDATE stock SET n = n - 1 WHERE id = 1")
        var waiting = owner
        waiting.applicationName = "shop-api-cd34"
        let waiters = [try await PostgresConnection.connect(waiting), try await PostgresConnection.connect(waiting)]
        let store = WorldStore()
        let sampler = sampler(observer, store)
        let found = try await withThrowingTaskGroup(of: PostgresActivity.RootBlocker?.self) { group in
            for waiter in waiters {
                group.addTask {
                    // Ended with the group, if not by the holder.
                    _ = try? await waiter.query("UPDATE stock SET n = n - 1 WHERE id = 1", within: .seconds(10))
                    return nil
                }
            }
            group.addTask {
                let deadline = ContinuousClock.now + .seconds(8)
                while ContinuousClock.now < deadline {
                    await sampler.sample(tick(1))
                    let root = store.snapshot.postgres.activity?.value.rootBlockers.first
                    if let root, root.waiting.count == 2 { return root }
                    try await Task.sleep(for: .milliseconds(50))
                }
                return nil
            }
            var found: PostgresActivity.RootBlocker?
            while let root = try await group.next() {
                if let root {
                    found = root
                    try await holder.query("ROLLBACK")
                }
            }
            return found
        }
        let root = try #require(found)
        #expect(root.session.pid == Int(holder.backendPID))
        #expect(root.session.component == "report")
        #expect(root.session.state == "idle in transaction")
        #expect((root.session.xactAge ?? 0) > 0.2)
        #expect(root.waiting.allSatisfy { $0.component == "api" })
        let locked = store.snapshot.postgres.activity?.value.locked[root.session.pid]
        #expect(locked?.first == "stock RowExclusiveLock")
        await sampler.sample(tick(2))
        #expect(store.snapshot.postgres.activity?.value.rootBlockers.isEmpty == true)
        for connection in waiters + [holder] { connection.close() }
    }

    @Test("drifted settings, missing objects and shrunken tables are seen")
    func slowLooks() async throws {
        let (owner, observer) = try await prepare()
        let store = WorldStore()
        let sampler = sampler(observer, store)
        await sampler.sample(tick(0))
        #expect(store.snapshot.postgres.failure == nil)
        #expect(store.snapshot.postgres.settings.drifts.isEmpty)
        #expect(store.snapshot.postgres.objects.live["stock"] == "table")
        let connection = try await PostgresConnection.connect(owner)
        try await connection.execute(
            script:
                "ALTER ROLE \(observer.user) SET default_transaction_read_only = on; ALTER TABLE stock DROP CONSTRAINT stock_pkey;"
        )
        await sampler.sample(tick(4))
        let settings = store.snapshot.postgres.settings.drifts
        #expect(
            settings.contains {
                $0.name == "default_transaction_read_only" && $0.role?.hasPrefix(observer.user) == true
            }
        )
        #expect(store.snapshot.postgres.objects.missing.map(\.name) == ["stock_pkey"])
        connection.close()
    }

    @Test("a server that refuses is a failure with its word, and a probe tells words apart")
    func refused() async throws {
        let (_, observer) = try await prepare()
        var nowhere = observer
        nowhere.host = "127.0.0.1"
        nowhere.port = 1
        let store = WorldStore()
        await sampler(nowhere, store).sample(tick(0))
        #expect(store.snapshot.postgres.failure?.value.hasSuffix("refused") == true)
        let path = ProbePath(target: "db", part: nil, from: "observer")
        let down = DatabaseProbe(
            configuration: nowhere,
            target: "db",
            sql: "select 1",
            timeout: .seconds(1),
            store: store
        )
        await down.sample(tick(0))
        #expect(store.snapshot.probes[path]?.newest.value.result == "refused")
        let up = DatabaseProbe(
            configuration: observer,
            target: "db",
            sql: "select 1",
            timeout: .seconds(1),
            store: store
        )
        await up.sample(tick(0))
        #expect(store.snapshot.probes[path]?.newest.value.result == "ok")
        var stranger = observer
        stranger.user = "nobody_\(Identifier.random(length: 6))"
        let denied = DatabaseProbe(
            configuration: stranger,
            target: "db",
            sql: "select 1",
            timeout: .seconds(1),
            store: store
        )
        await denied.sample(tick(0))
        #expect(store.snapshot.probes[path]?.newest.value.result == "unauthorised")
    }
}
