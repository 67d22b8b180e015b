import AgentOps
import OpsHTTP
import OpsModel
import OpsPostgres
import OpsService

/// What all verbs need to begin: their settings, a voice and their measures.
struct ShopProcess: Sendable {
    /// How long a process may take to end.
    static let drain: Duration = .milliseconds(900)

    let verb: String
    let settings: ShopConfiguration
    let environment: ShopEnvironment
    let logger: Logger
    let metrics: MetricsRegistry
    let http: HTTPClient
    let recorder: Recorder

    /// Reads the environment file that the settings name.
    init(verb: String, settings: ShopConfiguration) throws {
        let environment = try settings.environmentFile.map { try ShopEnvironment.read($0) } ?? ShopEnvironment()
        let hosts = settings.hosts.map { HostsFile(path: $0, via: settings.via) }
        self.init(
            verb: verb,
            settings: settings,
            environment: settings.via.map { environment.reached(at: $0, but: hosts) } ?? environment,
            logger: Logger(label: settings.name, level: settings.logLevel),
            hosts: hosts
        )
    }

    init(
        verb: String,
        settings: ShopConfiguration,
        environment: ShopEnvironment,
        logger: Logger,
        hosts: HostsFile? = nil
    ) {
        self.verb = verb
        self.settings = settings
        self.environment = environment
        self.logger = logger
        metrics = ProcessMeasures(verb: verb, instance: settings.name, configurationHash: environment.hash).registry
        var client = HTTPClient.Configuration(
            timeout: .seconds(3),
            connectTimeout: .seconds(1),
            retries: 0,
            source: settings.source
        )
        if let hosts { client.places = { hosts.address(of: $0) } }
        http = HTTPClient(configuration: client)
        recorder = .shop(settings.record, name: settings.name, verb: verb, hash: environment.hash, logger: logger)
    }

    /// The component this process is an instance of: `api` for `api-1`.
    var component: String { verb == "upstream" ? "payments" : verb }

    var meter: CallMeter { CallMeter(from: component, metrics) }

    func database(limit: Int) -> ShopDatabase {
        let configuration = environment.database.configuration(for: component)
        let pool = PostgresPool(configuration, limit: limit, acquireTimeout: .seconds(2))
        return ShopDatabase(pool, meter: meter, metrics: metrics)
    }

    /// The probes that this process makes of its dependencies, already published.
    func probes(now: @escaping @Sendable () -> Timestamp = { .now() }) -> [ProbeLoop] {
        let database = DatabaseProbe(environment.database.configuration(for: component))
        let probes =
            [ProbeLoop("db") { await database.check() }] + ShopEnvironment.Provider.allCases.map { payments($0, now) }
        ProbeLoop.publish(probes, in: metrics)
        return probes
    }

    /// What keeps this process under its memory limit; nil where it has none.
    func memory() -> MemoryGuard? {
        guard settings.memoryMiB > 0 else { return nil }
        return MemoryGuard(limit: UInt64(settings.memoryMiB) << 20, logger: logger, metrics: metrics)
    }

    /// What keeps this process under its limit of open descriptors; nil where it has none.
    func descriptors() -> DescriptorGuard? {
        guard settings.fds > 0 else { return nil }
        DescriptorGuard.makeHeadroom(above: settings.fds)
        return DescriptorGuard(limit: settings.fds, logger: logger, metrics: metrics)
    }

    /// Asks a provider with the shop's own key, as a charge would; `payments` is the one in use, the other goes by its name.
    private func payments(
        _ provider: ShopEnvironment.Provider,
        _ now: @escaping @Sendable () -> Timestamp
    ) -> ProbeLoop {
        let payments = environment.payments
        let probe = HTTPProbe(url: "\(payments.url(of: provider))/account", key: payments.key, http: http, now: now)
        let isActive = provider == payments.active
        return ProbeLoop(isActive ? "payments" : "payments/\(provider.rawValue)") { await probe.check() }
    }

    func server(
        _ router: Router,
        admits: @escaping @Sendable () -> Bool = { true },
        date: @escaping @Sendable () -> Timestamp? = { nil },
        health: @escaping @Sendable () async -> HealthReport
    ) -> HTTPServer {
        var configuration = HTTPServerConfiguration(
            listen: .init(settings.listen, mode: 0o660),
            allowedHosts: settings.alsoKnownAs,
            drain: .milliseconds(700),
            name: "shop \(verb)"
        )
        configuration.admits = admits
        configuration.date = date
        return HTTPServer(
            configuration: configuration,
            router: router,
            authenticator: authenticator,
            standardRoutes: StandardRoutes(health: health),
            logger: logger,
            metrics: metrics
        )
    }

    private var authenticator: any Authenticator {
        if let keys = settings.keys { KeyFile(path: keys) } else { NoAuthenticator() }
    }

    func run(_ services: [any Service]) async -> Int32 {
        logger.info(
            "started",
            ["verb": .string(verb), "config_hash": .string(environment.hash), "pid": .int(Int(ProcessID.current))]
        )
        return await ServiceGroup(services: services + [recorder], logger: logger, drain: Self.drain).run()
    }
}
