import OpsHTTP
import OpsService

/// `TargetServer worker`: puts the worker together.
struct WorkerProcess {
    let process: ShopProcess

    func run() async -> Int32 {
        let limit = process.environment.workerConcurrency
        let database = process.database(limit: limit + 2)
        let queue = JobQueue(database: database, worker: process.settings.name)
        let fulfilment = Fulfilment(queue: queue, scratch: process.settings.scratch, logger: process.logger)
        let worker = Worker(queue, fulfilment, limit: limit, logger: process.logger, metrics: process.metrics)
        let settlement = Settlement(
            book: OrderBook(database: database),
            gateway: gateway,
            logger: process.logger
        )
        let probes = process.probes()
        let server = process.server(Router()) {
            let db = probes.first { $0.target == "db" }?.result
            return HealthReport(checks: [
                .init(name: "db", isHealthy: db == .ok, message: db?.rawValue ?? "not asked yet")
            ])
        }
        return await process.run([server, worker, settlement] + probes)
    }

    private var gateway: PaymentGateway {
        PaymentGateway(
            process.environment,
            http: process.http,
            meter: process.meter,
            logger: process.logger,
            metrics: process.metrics
        )
    }
}
