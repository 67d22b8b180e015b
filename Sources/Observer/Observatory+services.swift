internal import AgentOps
internal import OpsHTTP
internal import OpsModel
internal import OpsPostgres
internal import OpsRuntime
internal import OpsService
internal import OpsSpec

extension Observatory {
    /// The server, the sender of pages, and one loop for each thing that is looked at.
    func services() throws -> [any Service] {
        [server(), sender, recorder] + [telemetry].compactMap { $0 } + (try journeyLoop()) + targetLoops()
            + (try databaseLoops()) + localLoops()
    }

    private func loop(
        _ name: String,
        every period: Duration? = nil,
        _ sample: @escaping @Sendable (Tick) async -> Void
    ) -> any Service {
        SamplerLoop(name: name, period: period ?? configuration.period, metrics: metrics, sample: sample)
    }

    private func journeyLoop() throws -> [any Service] {
        guard let url = map.loadURL else {
            logger.warning("no load process is bound: nobody is paged")
            return []
        }
        let sampler = JourneySampler(
            url: url,
            key: try Secret.key(configuration.peerKeys["load"]),
            http: http,
            store: store,
            metrics: metrics,
            pages: { [sender, recorder] pages in
                for page in pages { recorder.record(PageRecord.event(page)) }
                sender.post(pages)
            }
        )
        // Twice as often as half seconds close, so that a page does not wait for the next look.
        return [loop("journeys", every: configuration.period / 2) { await sampler.sample($0) }]
            + (try ledgerLoop(url))
    }

    private func ledgerLoop(_ load: String) throws -> [any Service] {
        guard map.keepsLedger else { return [] }
        let sampler = LedgerSampler(
            url: load,
            key: try Secret.key(configuration.peerKeys["load"]),
            http: http,
            store: store,
            metrics: metrics
        )
        return [loop("ledger", every: .seconds(1)) { await sampler.sample($0) }]
    }

    private func targetLoops() -> [any Service] {
        let scraper = MetricsSampler(map: map, http: http, store: store, metrics: metrics)
        let probes = HTTPProbes(map: map, http: http, store: store)
        return [loop("metrics") { await scraper.sample($0) }, loop("probes") { await probes.sample($0) }]
    }

    private func databaseLoops() throws -> [any Service] {
        guard let database = map.database, let access = configuration.targetDatabase else { return [] }
        let entry = PostgresConfiguration(
            host: access.host,
            port: access.port,
            user: access.user,
            password: try Secret.password(access.passwordFile),
            database: access.database,
            applicationName: "observer",
            connectTimeout: .seconds(1),
            statementTimeout: .seconds(1)
        )
        let sampler = PostgresSampler(configuration: entry, map: map, store: store, metrics: metrics)
        let declared = map.probes.first { $0.target == database.component }
        let probe = DatabaseProbe(
            configuration: entry,
            target: database.component,
            sql: declared?.sql ?? "SELECT 1",
            timeout: .seconds(declared?.timeout ?? 1),
            store: store
        )
        return [loop("postgres") { await sampler.sample($0) }, loop("database-probe") { await probe.sample($0) }]
    }

    private func localLoops() -> [any Service] {
        let logs = LogSampler(map: map, codeFields: topology.logs.code, store: store) { [telemetry] in
            telemetry?.keep($0)
        }
        let changes = ChangeSampler(map: map, store: store)
        let directories = DirectorySampler(map: map, store: store)
        let learner = BaselineLearner(map: map, store: store)
        return [
            loop("logs") { await logs.sample($0) }, loop("changes", every: .seconds(1)) { changes.sample($0) },
            loop("directories", every: .seconds(2)) { directories.sample($0) },
            loop("baselines", every: .seconds(1)) { learner.sample($0) },
        ] + processLoops()
    }

    private func processLoops() -> [any Service] {
        guard let word = map.supervisor else { return [] }
        switch ControlAddress(word) {
        case .supervisor(let socket):
            let supervisor = SupervisorClient(socket: socket, http: http, within: .seconds(1))
            let sampler = ProcessSampler(supervisor: supervisor, map: map, store: store, metrics: metrics)
            return [loop("processes") { await sampler.sample($0) }]
        case .engine(let socket, let prefix):
            let engine = EngineClient(socket: socket, prefix: prefix, http: http, within: .seconds(2))
            let sampler = ContainerSampler(engine: engine, map: map, store: store, metrics: metrics)
            return [loop("processes") { await sampler.sample($0) }]
        }
    }
}
