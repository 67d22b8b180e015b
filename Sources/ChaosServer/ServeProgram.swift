import AgentOps
import Glibc
import OpsHTTP
import OpsModel
import OpsPostgres
import OpsService
import OpsSpec
import OpsSystem
import OpsTrust

/// `ChaosServer serve`: the only place that puts the parts of the server together.
enum ServeProgram {
    static func main(_ arguments: [String]) -> Never {
        Signals.blockAll()
        becomeUndumpable()
        let configuration = ChaosConfiguration.loadOrExit(program: "ChaosServer serve", arguments: arguments)
        let logger = Logger(label: "chaos", level: configuration.logLevel)
        MainThread.run {
            do {
                return try await self.run(configuration, logger)
            } catch {
                logger.error("the server cannot start", ["error": .string("\(error)")])
                return 1
            }
        }
    }

    private static func run(_ configuration: ChaosConfiguration, _ logger: Logger) async throws -> Int32 {
        let state = configuration.state
        try FileSystem.makeDirectory(state, mode: 0o700)
        try FaultStore(state: state).prepare()
        try Secrets.prepare(state)
        let topology = try Topology.load(configuration.topology)
        let resolver = TargetResolver(
            topology: topology,
            bindings: try Bindings.load(configuration.bindings),
            passwords: configuration.passwords,
            caps: try IntensityCaps(topology.chaos.caps)
        )
        let guardLink = GuardLink(
            state: state,
            socket: configuration.guardSocket,
            isApart: configuration.isGuardApart
        )
        let left = try await self.sweep(state, guardLink, logger)
        let registry = MetricsRegistry()
        let delivery = try self.delivery(configuration, registry, logger)
        let watch = WatchThread(state: state, guardLink: guardLink, logger: logger)
        let effects = self.effects(resolver, state, logger)
        let injector = try FaultInjector(
            state: state,
            resolver: resolver,
            guardLink: guardLink,
            watch: watch,
            effects: effects
        )
        for file in left {
            watch.promise(file, nil)
            watch.end(file.id)
        }
        watch.start()
        let door = KillDoor(
            state: state,
            key: configuration.killKey.isEmpty ? "\(state)/kill.key" : configuration.killKey
        ).listener(on: .init(configuration.killListen))
        try door.start()
        defer { door.stop() }
        let unattended = try UnattendedFaults(injector: injector, resolver: resolver, logger: logger)
        let server = self.server(configuration, injector, unattended, watch, registry, logger)
        let code = await ServiceGroup(
            services: [server, effects, WatchService(watch: watch)] + delivery + unattended.services
                + (try self.records(configuration, injector.store, logger)),
            logger: logger,
            drain: .seconds(8)
        ).run()
        return code
    }

    private static func effects(_ resolver: TargetResolver, _ state: String, _ logger: Logger) -> EffectWatching {
        EffectWatching(
            store: FaultStore(state: state),
            latch: LatchFile(state: state),
            load: resolver.load,
            objectives: resolver.objectives,
            promises: resolver.promises,
            logger: logger
        )
    }

    /// What tells sinks of faults; nothing where there are none.
    private static func delivery(
        _ configuration: ChaosConfiguration,
        _ registry: MetricsRegistry,
        _ logger: Logger
    ) throws -> [any Service] {
        guard !configuration.sinks.isEmpty else { return [] }
        let follower = EventFollower(
            state: configuration.state,
            sinks: try configuration.sinks.map { try EventSink($0) }
        )
        return [
            EventDelivery(
                follower,
                path: "\(configuration.state)/events.json",
                instance: configuration.instance,
                http: HTTPClient(),
                logger: logger,
                metrics: registry
            )
        ]
    }

    /// What tells the referee of faults; the recorder goes last, so that it hears how the others end.
    private static func records(
        _ configuration: ChaosConfiguration,
        _ store: FaultStore,
        _ logger: Logger
    ) throws -> [any Service] {
        guard let record = configuration.record else { return [] }
        let recorder = try Recorder(
            record,
            registration: Registration(id: "chaos", name: "ChaosServer"),
            logger: logger
        )
        let recording = FaultRecording(
            store: store,
            record: { recorder.record($0) },
            pool: PostgresPool(try record.connection(), limit: 1),
            path: "\(configuration.state)/recorded.json",
            logger: logger
        )
        return [recording, recorder]
    }

    /// On a thread of its own: undoing can take seconds.
    private static func sweep(_ state: String, _ guardLink: GuardLink, _ logger: Logger) async throws -> [FaultFile] {
        try await withCheckedThrowingContinuation { continuation in
            startThread(named: "chaos-sweep") {
                guardLink.endPrevious()
                continuation.resume(with: Result { try StartSweep(state: state, logger: logger).run() })
            }
        }
    }

    private static func server(
        _ configuration: ChaosConfiguration,
        _ injector: FaultInjector,
        _ unattended: UnattendedFaults,
        _ watch: WatchThread,
        _ registry: MetricsRegistry,
        _ logger: Logger
    ) -> HTTPServer {
        _ = Metrics(registry, store: injector.store, watch: watch, latch: LatchFile(state: configuration.state))
        var router = Router()
        router.mapErrors(ErrorMapping.describe)
        BreakController(injector: injector).install(in: &router)
        FaultController(injector: injector).install(in: &router)
        KillController(injector: injector, unattended: unattended).install(in: &router)
        unattended.install(in: &router)
        return HTTPServer(
            configuration: HTTPServerConfiguration(listen: .init(configuration.listen), name: "ChaosServer"),
            router: router,
            authenticator: KeyFile(path: configuration.keys),
            standardRoutes: StandardRoutes { HealthReport(checks: Health.checks(watch, state: configuration.state)) },
            logger: logger,
            metrics: registry
        )
    }
}

/// The watch as a part of the process: when it ends, everything does.
struct WatchService: Service {
    let watch: WatchThread

    func run() async throws {
        while !Task.isCancelled { try? await Task.sleep(for: .milliseconds(500)) }  // cancellation is the only end
        self.watch.stop()
        while self.watch.isRunning { usleep(20_000) }
    }
}

/// What `/health` says.
enum Health {
    static func checks(_ watch: WatchThread, state: String) -> [HealthReport.Check] {
        let latch = LatchFile(state: state).read()
        return [
            HealthReport.Check(name: "guard", isHealthy: watch.hasGuard, message: watch.hasGuard ? "on duty" : "none"),
            HealthReport.Check(
                name: "latch",
                isHealthy: true,
                message: latch.map { "latched: \($0.killID)" } ?? "open"
            ),
        ]
    }
}

/// What the injector makes for itself before it needs it: its keys, and the room for a latch.
enum Secrets {
    static func prepare(_ state: String) throws {
        var random = SystemRandomNumberGenerator()
        if !FileSystem.exists("\(state)/tag.key") {
            let key = (0..<32).map { _ in UInt8.random(in: 0...255, using: &random) }
            try SecretFile.create("\(state)/tag.key", key)
        }
        if !FileSystem.exists("\(state)/kill.key") {
            try SecretFile.create("\(state)/kill.key", Array(APIKey.generate().secretText.utf8))
        }
        try LatchFile(state: state).reserve()
    }
}
