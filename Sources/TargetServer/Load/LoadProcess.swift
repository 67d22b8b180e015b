import OpsHTTP
import OpsModel
import OpsService

/// `TargetServer load`: puts the customers together.
struct LoadProcess {
    let process: ShopProcess

    func run() async -> Int32 {
        do {
            return await run(try Ledger(directory: process.settings.ledger))
        } catch {
            process.logger.error("the ledger cannot be opened", ["error": .string("\(error)")])
            return 1
        }
    }

    private func run(_ ledger: Ledger) async -> Int32 {
        let audience = Audience(metrics: process.metrics)
        let offers = OfferBoard()
        let customer = customer(audience, ledger, offers)
        let generator = LoadGenerator(
            customer,
            rate: process.settings.rate,
            seed: UInt64(process.settings.seed),
            metrics: process.metrics
        )
        process.metrics.gauge("shop_retry_budget_tokens", "Retries that may still be made.") {
            [([], customer.retryTokens)]
        }
        let recent = RecentCharges()
        var router = Router()
        router.use(DatabaseFailures(logger: process.logger))  // the audit reads the shop's orders
        LoadController(
            audience: audience,
            generator: generator,
            ledger: ledger,
            auditor: auditor(ledger),
            recent: recent
        ).install(in: &router)
        let server = process.server(router) { HealthReport() }
        return await process.run([server, audience, generator, watch(audience, recent), shopkeeper(offers)])
    }

    private var web: String { process.settings.upstreams.first ?? "http://127.0.0.1:8000" }

    private func shopkeeper(_ offers: OfferBoard) -> Shopkeeper {
        Shopkeeper(web: web, http: process.http, offers: offers, seed: UInt64(process.settings.seed))
    }

    private func customer(_ audience: Audience, _ ledger: Ledger, _ offers: OfferBoard) -> Customer {
        Customer(
            web: web,
            http: process.http,
            audience: audience,
            ledger: ledger,
            offers: offers,
            meter: process.meter,
            logger: process.logger,
            retryPercent: 10
        )
    }

    private func auditor(_ ledger: Ledger) -> LedgerAuditor {
        LedgerAuditor(
            ledger: ledger,
            directory: process.settings.ledger,
            environmentFile: process.settings.environmentFile,
            http: process.http
        )
    }

    private func watch(_ audience: Audience, _ recent: RecentCharges) -> ChargeWatch {
        let (payments, file) = (process.environment.payments, process.settings.environmentFile)
        // A file that cannot be read just now still had the key that was read last from it.
        let key: @Sendable () -> String = {
            file.flatMap { try? ShopEnvironment.read($0) }?.payments.key ?? payments.key
        }
        let feeds = ShopEnvironment.Provider.allCases.map {
            ChargeFeed(url: payments.url(of: $0), key: key, http: process.http)
        }
        return ChargeWatch(feeds, recent: recent) { record in
            process.logger.error("card was charged twice", ["key": .string(record.key)])
            let twice = Observation(isGood: false, code: "charged-twice", customer: 0, milliseconds: 0)
            audience.record(twice, of: .checkout)
        }
    }
}
