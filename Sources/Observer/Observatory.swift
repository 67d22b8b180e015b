internal import AgentOps
internal import OpsHTTP
internal import OpsModel
internal import OpsPostgres
internal import OpsRuntime
internal import OpsService
internal import OpsSpec

/// The parts of `Observer serve`, put together here and nowhere else.
struct Observatory: Sendable {
    let configuration: Configuration
    let topology: Topology
    let bindings: Bindings
    let map: TargetMap
    let store: WorldStore
    let shelf: RunbookShelf
    let handicaps: HandicapDesk
    let sender: PageSender
    let recorder: Recorder
    let telemetry: TelemetryWriter?
    let http: HTTPClient
    let logger: Logger
    let registry: MetricsRegistry
    let metrics: ObserverMetrics

    /// Serves until told to stop; 78 when a document or secret it needs cannot be read.
    static func run(_ configuration: Configuration) async -> Int32 {
        let logger = Logger(label: "observer", level: configuration.logLevel)
        do {
            let observatory = try Observatory(configuration, logger)
            return await ServiceGroup(services: try observatory.services(), logger: logger).run()
        } catch {
            logger.error("cannot start", ["error": .string("\(error)")])
            return 78
        }
    }

    init(_ configuration: Configuration, _ logger: Logger) throws {
        self.configuration = configuration
        self.logger = logger
        topology = try Topology.load(configuration.topology)
        bindings = try Bindings.load(configuration.bindings)
        map = TargetMap(topology: topology, bindings: bindings, loadURL: configuration.load)
        shelf = try RunbookShelf(folder: configuration.runbooks)
        http = HTTPClient(configuration: .init(timeout: .seconds(2), connectTimeout: .milliseconds(800), retries: 0))
        registry = MetricsRegistry()
        registry.addProcessMetrics()
        metrics = ObserverMetrics(registry)
        let handicaps = HandicapDesk()
        self.handicaps = handicaps
        sender = try Self.sender(configuration, http, logger, metrics, handicaps)
        store = WorldStore(Self.world(map, firing: sender.firing)) { handicaps.current()?.telemetryDelayS ?? 0 }
        recorder = try Self.recorder(configuration, logger)
        telemetry = try Self.telemetry(configuration, map, store, logger, metrics)
        for problem in shelf.problems { logger.warning("runbook left out", ["problem": .string(problem)]) }
    }

    private static func recorder(_ configuration: Configuration, _ logger: Logger) throws -> Recorder {
        guard let record = configuration.record else { return .disabled }
        return try Recorder(record, registration: Registration(id: "observer", name: "Observer"), logger: logger)
    }

    private static func telemetry(
        _ configuration: Configuration,
        _ map: TargetMap,
        _ store: WorldStore,
        _ logger: Logger,
        _ metrics: ObserverMetrics
    ) throws -> TelemetryWriter? {
        guard var entry = try configuration.record?.connection() else { return nil }
        entry.applicationName = "observer-telemetry"
        return TelemetryWriter(configuration: entry, map: map, store: store, logger: logger, metrics: metrics)
    }

    /// A world in which pages that were out before are still out.
    private static func world(_ map: TargetMap, firing: [Page]) -> World {
        var world = World()
        for journey in map.journeys {
            let page = firing.first { $0.journey == journey.name }
            world.journeys[journey.name] = JourneyWatch(name: journey.name, objective: journey.objective, page: page)
        }
        return world
    }

    private static func sender(
        _ configuration: Configuration,
        _ http: HTTPClient,
        _ logger: Logger,
        _ metrics: ObserverMetrics,
        _ handicaps: HandicapDesk
    ) throws -> PageSender {
        let key = try Secret.key(configuration.peerKeys["gate"])
        return PageSender(
            receiver: configuration.peers["gate"].map { PageSender.Receiver(url: $0, key: key) },
            source: "http://\(configuration.listen)",
            state: "\(configuration.state)/pages.json",
            http: http,
            logger: logger,
            metrics: metrics,
            handicaps: handicaps
        )
    }
}
