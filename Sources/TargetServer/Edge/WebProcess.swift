import OpsHTTP
import OpsService

/// `TargetServer web`: puts the edge together.
struct WebProcess {
    let process: ShopProcess

    func run() async -> Int32 {
        guard !process.settings.upstreams.isEmpty else {
            process.logger.error("no upstreams: give the addresses of the api instances")
            return ConfigurationError.exitCode
        }
        let instances = process.settings.upstreams.enumerated().map {
            Edge.Instance(name: "api-\($0.offset + 1)", url: $0.element)
        }
        let edge = Edge(
            instances,
            http: process.http,
            meter: process.meter,
            logger: process.logger,
            metrics: process.metrics
        )
        var router = Router()
        let shedding = LoadShedding(logger: process.logger, metrics: process.metrics)
        router.use(shedding)
        shedding.install(in: &router)
        let readiness = ReadinessHold()
        EdgeController(edge: edge, page: ShopPage(edge: edge)).install(in: &router)
        readiness.install(in: &router)
        let server = process.server(router) {
            await readiness.pass()
            let isServing = instances.indices.contains { edge.state($0) != .draining }
            return HealthReport(checks: [.init(name: "instances", isHealthy: isServing)])
        }
        return await process.run([server])
    }
}
