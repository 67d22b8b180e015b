import OpsHTTP
import OpsModel
import OpsService
import OpsSpec

/// `TargetServer load` with a topology: the customers of a system that is not the shop.
struct VisitorProcess {
    let process: ShopProcess
    /// The file whose journeys are played.
    let topology: String

    func run() async -> Int32 {
        let journeys: [PlannedJourney]
        do { journeys = try Topology.load(self.topology).journeys.map(PlannedJourney.init) } catch {
            self.process.logger.error("the topology cannot be read", ["error": .string("\(error)")])
            return 1
        }
        guard !self.process.settings.upstreams.isEmpty else {
            self.process.logger.error("customers need a door: `upstreams` is empty")
            return 1
        }
        let audience = Audience(metrics: self.process.metrics, journeys: journeys.map(\.journey))
        let visitors = Visitors(
            journeys,
            doors: self.process.settings.upstreams,
            http: self.process.http,
            audience: audience,
            rate: Double(self.process.settings.rate),
            seed: UInt64(self.process.settings.seed)
        )
        var router = Router()
        VisitorController(audience: audience, visitors: visitors).install(in: &router)
        let server = self.process.server(router) { HealthReport() }
        return await self.process.run([server, audience, visitors])
    }
}
