internal import OpsModel
internal import OpsPostgres
internal import OpsService

/// Looks at the database's own statistics over one connection of its own, twice a second; at what changes slowly, less often.
actor PostgresSampler {
    private let configuration: PostgresConfiguration
    private let store: WorldStore
    private let metrics: ObserverMetrics
    private let reader: PostgresStatistics
    private var connection: PostgresConnection?
    private let queueTable: String?
    private var statementsSchema: String?

    /// Beats between two looks at settings, objects and statements.
    private static let slowly = 4

    init(configuration: PostgresConfiguration, map: TargetMap, store: WorldStore, metrics: ObserverMetrics) {
        self.configuration = configuration
        self.store = store
        self.metrics = metrics
        queueTable = map.queue?.table
        reader = PostgresStatistics(owner: SessionOwner(map))
    }

    func sample(_ tick: Tick) async {
        do {
            let open = try await enter()
            let activity = try await reader.activity(open)
            store.update { world in
                world.postgres.activity = Sampled(value: activity, at: tick.at, isStarved: tick.isStarved)
                world.postgres.failure = nil
            }
            await lookAtQueue(open, tick)
            if tick.number % Self.slowly == 0 { try await lookSlowly(open, tick) }
        } catch {
            fail(error, tick)
        }
    }

    private func lookSlowly(_ open: PostgresConnection, _ tick: Tick) async throws(PostgresError) {
        let settings = try await reader.settings(open)
        let (objects, rows) = try await reader.objects(open)
        store.update { world in
            let isCalm = world.isCalm(at: tick.at)
            world.postgres.settings.observe(settings, at: tick.at)
            world.postgres.objects.observe(objects: objects, rows: rows, at: tick.at, isCalm: isCalm)
        }
        await lookAtStatements(open, tick)
    }

    /// Where Observer has no right to look, the queue's own process may still tell of it.
    private func lookAtQueue(_ open: PostgresConnection, _ tick: Tick) async {
        guard let queueTable else { return }
        do {
            guard let queue = try await reader.queue(open, table: queueTable) else { return }
            store.update {
                $0.postgres.queue = Sampled(value: queue, at: tick.at, isStarved: tick.isStarved)
                $0.postgres.queueFailure = nil
            }
        } catch {
            store.update { $0.postgres.queueFailure = error.message }
        }
    }

    /// A server without the extension, or with another version of it, is not a server that is down.
    private func lookAtStatements(_ open: PostgresConnection, _ tick: Tick) async {
        do {
            if statementsSchema == nil { statementsSchema = try await reader.statementsSchema(open) }
            guard let schema = statementsSchema else {
                store.update {
                    $0.postgres.statements.failure = "the extension pg_stat_statements is not installed there"
                }
                return
            }
            let counters = try await reader.statements(open, schema: schema)
            store.update { $0.postgres.statements.observe(counters, at: tick.at, isCalm: $0.isCalm(at: tick.at)) }
        } catch {
            statementsSchema = nil
            store.update { $0.postgres.statements.failure = error.message }
        }
    }

    private func enter() async throws(PostgresError) -> PostgresConnection {
        if let connection, !connection.isClosed { return connection }
        let fresh = try await PostgresConnection.connect(configuration)
        connection = fresh
        return fresh
    }

    private func fail(_ error: PostgresError, _ tick: Tick) {
        metrics.failures.add(1, ["postgres"])
        connection?.close()
        connection = nil
        let reason = "the database did not answer Observer: \(ProbeWord(error).rawValue)"
        store.update { $0.postgres.failure = Sampled(value: reason, at: tick.at, isStarved: tick.isStarved) }
    }
}
