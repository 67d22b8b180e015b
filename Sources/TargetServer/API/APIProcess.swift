import OpsHTTP
import OpsModel
import OpsPostgres
import OpsService

/// `TargetServer api`: puts the shop's instance together.
struct APIProcess {
    let process: ShopProcess

    func run() async -> Int32 {
        let database = process.database(limit: process.environment.database.pool)
        let flags = FlagBoard(
            database,
            recorder: process.recorder,
            logger: process.logger,
            metrics: process.metrics
        )
        let schema = SchemaWatch(database, metrics: process.metrics)
        let descriptors = process.descriptors()
        let cache = CatalogueCache(
            directory: process.settings.cache,
            descriptors: descriptors,
            logger: process.logger,
            metrics: process.metrics
        )
        let turnstile = Turnstile(limit: max(1, process.environment.database.pool * 7 / 10))
        let memory = process.memory()
        let strains = StrainParts(
            door: process.settings.strains,
            database: database,
            turnstile: turnstile,
            memory: memory,
            descriptors: descriptors
        )
        let clock = strains.clock
        let probes = process.probes { clock.now }
        do {
            let router = router(database, flags, cache, turnstile, strains, memory)
            let guards: [(any Service)?] = [memory, descriptors]
            let server = process.server(
                router,
                admits: { descriptors?.isShort != true },
                date: { clock.shifted },
                health: {
                    let limits = [memory?.check, descriptors?.check].compactMap(\.self)
                    return Self.health(database, schema, cache, probes, limits)
                }
            )
            let always: [any Service] = [server, flags, schema] + guards.compactMap(\.self) + probes
            return await process.run(always + (try strains.services()))
        } catch {
            process.logger.error("a socket cannot be opened", ["error": .string("\(error)")])
            return 1
        }
    }

    func router(
        _ database: ShopDatabase,
        _ flags: FlagBoard,
        _ cache: CatalogueCache,
        _ turnstile: Turnstile,
        _ strains: StrainParts,
        _ memory: MemoryGuard? = nil
    ) -> Router {
        var router = Router()
        strains.install(in: &router)
        if let memory { router.use(MemoryShedding(memory: memory)) }
        router.use(DatabaseFailures(logger: process.logger))
        ProductController(
            database: database,
            cache: cache,
            flights: process.environment.isSingleFlight ? SingleFlight() : nil,
            flags: flags,
            marks: CatalogueMarks(flags: flags, logger: process.logger),
            ranks: SalesRanks(database: database, flags: flags)
        ).install(in: &router)
        CustomerController(database: database).install(in: &router)
        StockController(database: database).install(in: &router)
        OrderController(database: database).install(in: &router)
        CheckoutController(
            checkout: checkout(database, turnstile, strains.clock),
            dispatch: Dispatch(database: database),
            flags: flags,
            logger: process.logger
        )
        .install(
            in: &router
        )
        return router
    }

    private func checkout(_ database: ShopDatabase, _ turnstile: Turnstile, _ clock: StrainedClock) -> Checkout {
        process.metrics.gauge("shop_workers_busy", "Reservations running.") { [([], Double(turnstile.busy))] }
        process.metrics.gauge("shop_workers_max", "Reservations allowed at a time.") { [([], Double(turnstile.limit))] }
        let gateway = PaymentGateway(
            process.environment,
            http: process.http,
            meter: process.meter,
            logger: process.logger,
            metrics: process.metrics,
            now: { clock.now }
        )
        return Checkout(
            book: OrderBook(database: database),
            gateway: gateway,
            turnstile: turnstile,
            logger: process.logger
        )
    }

    private static func health(
        _ database: ShopDatabase,
        _ schema: SchemaWatch,
        _ cache: CatalogueCache,
        _ probes: [ProbeLoop],
        _ limits: [HealthReport.Check]
    ) -> HealthReport {
        let pool = database.pool.statistics
        let db = probes.first { $0.target == "db" }?.result
        let checks: [HealthReport.Check] = [
            .init(name: "db", isHealthy: db == .ok, message: db?.rawValue ?? "not asked yet"),
            .init(
                name: "pool",
                isHealthy: pool.waiting == 0 || pool.inUse < pool.limit,
                message: "\(pool.inUse) of \(pool.limit) in use, \(pool.waiting) waiting"
            ),
            .init(
                name: "schema",
                isHealthy: schema.found == Schema.head,
                message: "\(schema.found.map(String.init) ?? "?") of \(Schema.head)"
            ),
            .init(
                name: "cache",
                isHealthy: cache.isWritable,
                message: cache.isWritable ? "ok" : "\(cache.directory) cannot be written"
            ),
        ]
        return HealthReport(checks: checks + limits)
    }
}
