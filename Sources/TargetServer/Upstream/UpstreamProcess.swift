import OpsHTTP
import OpsModel
import OpsService
import OpsSystem

/// `TargetServer upstream`: puts a payment provider together.
struct UpstreamProcess {
    let process: ShopProcess

    func run() async -> Int32 {
        do {
            try FileSystem.makeDirectory(process.settings.ledger, mode: 0o750)
            let book = try ChargeBook(directory: process.settings.ledger, name: process.settings.name)
            let strains = StrainParts.provider(door: process.settings.strains)
            let provider = Provider(
                process.settings.providerTerms,
                book: book,
                keys: MerchantKeys(path: process.settings.merchantKeys, logger: process.logger),
                amount: ChargedAmount(wrongShare: strains.wrongAmounts),
                logger: process.logger,
                metrics: process.metrics
            )
            var router = Router()
            strains.install(in: &router)
            provider.install(in: &router)
            return await process.run([process.server(router) { HealthReport() }] + (try strains.services()))
        } catch {
            process.logger.error("the provider cannot begin", ["error": .string("\(error)")])
            return 1
        }
    }
}
