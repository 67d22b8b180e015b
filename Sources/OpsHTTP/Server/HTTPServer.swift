import OpsModel
public import OpsService
import Synchronization

/// An HTTP/1.1 server on libmicrohttpd whose handlers are tasks.
///
/// It adds the standard routes, checks every request before a handler sees it, and answers in the house's envelopes. Start it
/// with `start()` to know the port, or let `run()` do both; a cancelled `run()` drains and returns.
public final class HTTPServer: Service {
    private enum Stage {
        case new
        case running(Daemon)
        case stopped
    }

    private let configuration: HTTPServerConfiguration
    private let pipeline: RequestPipeline
    private let inFlight: InFlight
    private let links: LinkRegistry
    private let logger: Logger
    private let metrics: MetricsRegistry
    private let stage = Mutex(Stage.new)

    /// Puts a server together; nothing listens before `start()` or `run()`.
    public init(
        configuration: HTTPServerConfiguration,
        router: Router,
        authenticator: any Authenticator = NoAuthenticator(),
        standardRoutes: StandardRoutes = StandardRoutes(),
        logger: Logger,
        metrics: MetricsRegistry
    ) {
        let inFlight = InFlight(streamLimit: configuration.streamLimit)
        let isDraining: @Sendable () -> Bool = { inFlight.isDraining }
        var router = router
        standardRoutes.install(in: &router, title: configuration.name, metrics: metrics, isDraining: isDraining)
        self.configuration = configuration
        self.inFlight = inFlight
        self.logger = logger
        self.metrics = metrics
        links = LinkRegistry(patience: configuration.patience)
        pipeline = RequestPipeline(
            router: router,
            rules: configuration.browserRules,
            authenticator: authenticator,
            acceptsBasicKeys: configuration.acceptsBasicKeys,
            rateLimit: configuration.rateLimit,
            jsonDepthLimit: configuration.jsonDepthLimit,
            logger: logger,
            metrics: RequestMetrics(metrics),
            date: configuration.date,
            isDraining: isDraining
        )
    }

    /// The port listened at; 0 for a unix socket and before the start.
    public var port: Int {
        stage.withLock { stage in
            if case .running(let daemon) = stage { daemon.listener.port } else { 0 }
        }
    }

    /// Answers a request without a socket, by the same checks and routes.
    public func respond(to request: HTTPRequest) async -> HTTPResponse { await pipeline.respond(to: request) }

    /// Begins to listen; does nothing when it listens already.
    public func start() async throws {
        try stage.withLock { stage in
            guard case .new = stage else { return }
            stage = .running(try launch())
        }
        logger.info("listening", ["port": .int(port), "place": .string("\(configuration.listen)")])
    }

    /// Serves until the task is cancelled, then drains.
    public func run() async throws {
        try await start()
        await Cancellation.wait()
        await drain(within: configuration.drain)
    }

    /// Refuses new clients, ends event streams, waits for requests in progress, answers the rest with 503 and stops.
    public func drain(within limit: Duration) async {
        await WorkerThread.run { [self] in drainBlocking(limit) }
    }

    private func launch() throws(HTTPServerError) -> Daemon {
        let (pipeline, inFlight, bodyLimit) = (pipeline, inFlight, configuration.bodyLimit)
        let listener = try Listener(configuration.inherited.map { .descriptor($0) } ?? configuration.listen)
        let daemon = Daemon(listener: listener, links: links, logger: logger, admits: configuration.admits) {
            target,
            link in
            Exchange(target: target, link: link, bodyLimit: bodyLimit, pipeline: pipeline, inFlight: inFlight)
        }
        try daemon.start(
            threads: configuration.threads,
            silence: configuration.patience.idle,
            connectionLimit: configuration.connectionLimit
        )
        RequestMetrics.observe(links, inFlight, in: metrics)
        return daemon
    }

    private func drainBlocking(_ limit: Duration) {
        let daemon: Daemon? = stage.withLock { stage in
            defer { stage = .stopped }
            if case .running(let daemon) = stage { return daemon }
            return nil
        }
        guard let daemon else { return }
        daemon.refuseClients()
        inFlight.beginDraining()
        let isIdle = waitUntilIdle(limit)
        inFlight.close()
        if !isIdle {
            logger.warning("requests were abandoned", ["count": .int(inFlight.count)])
            _ = waitUntilIdle(.milliseconds(500))
        }
        daemon.stop()
    }

    private func waitUntilIdle(_ limit: Duration) -> Bool {
        let deadline = ContinuousClock.now + limit
        while inFlight.count > 0 {
            if ContinuousClock.now >= deadline { return false }
            WorkerThread.rest(.milliseconds(2))
        }
        return true
    }
}
