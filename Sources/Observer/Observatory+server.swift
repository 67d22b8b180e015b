internal import OpsHTTP
internal import OpsModel
internal import OpsRuntime
internal import OpsService
internal import OpsSpec

extension Observatory {
    func server() -> HTTPServer {
        HTTPServer(
            configuration: HTTPServerConfiguration(
                listen: HTTPServerConfiguration.listen(configuration.listen) ?? .tcp(host: "127.0.0.1", port: 8_002),
                name: "Observer"
            ),
            router: router(),
            authenticator: authenticator,
            standardRoutes: StandardRoutes { [self] in health(at: .now()) },
            logger: logger,
            metrics: registry
        )
    }

    private var authenticator: any Authenticator {
        if let path = configuration.keys { KeyFile(path: path) } else { NoAuthenticator() }
    }

    func router() -> Router {
        var router = Router()
        ReadController(map: map, store: store, metrics: metrics, handicaps: handicaps).install(in: &router)
        HandicapRoutes(at: "/handicap", desk: handicaps).install(in: &router)
        JourneyController(map: map, store: store).install(in: &router)
        RunbookController(whole: shelf, handicaps: handicaps).install(in: &router)
        let view = topology.agentView
        router.get("/view", summary: "The declared part of the system that an agent may know.", access: .scope("reads"))
        { _ in
            .json(view)
        }
        return router
    }

    /// Observer serves as long as it runs: a target that does not answer is its subject, not its failure.
    func health(at now: Timestamp) -> HealthReport {
        let world = store.snapshot
        let newest = world.journeys.values.compactMap { $0.series.buckets.newest?.value.end }.max()
        let journeys = newest.map { now - $0 < 5 } ?? false
        let waiting = sender.waiting
        return HealthReport(
            isReady: true,
            checks: [
                .init(
                    name: "journeys",
                    isHealthy: journeys,
                    message: journeys ? "ok" : "the load process sends no samples"
                ),
                .init(
                    name: "database",
                    isHealthy: world.postgres.failure == nil,
                    message: world.postgres.failure?.value ?? "ok"
                ),
                .init(name: "gate", isHealthy: waiting < 3, message: waiting < 3 ? "ok" : "\(waiting) pages wait"),
            ],
            details: ["runbooks": .int(shelf.index.runbooks.count), "logs_warm": .bool(world.logs.isWarm)]
        )
    }
}
