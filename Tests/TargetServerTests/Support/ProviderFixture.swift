import OpsHTTP
import OpsService
import OpsSystem
import OpsTrust

@testable import TargetServer

/// A provider on a socket of its own.
final class ProviderFixture: Sendable {
    static let key = "merchant-key-of-the-tests"
    let book: ChargeBook
    let server: HTTPServer
    let url: String
    /// Charges of a hundred that it makes with another amount.
    let wrongShare = Reading()
    /// The list of the keys that it takes.
    let keys: String

    init(_ name: ShopEnvironment.Provider, in directory: String) async throws {
        let metrics = MetricsRegistry()
        let terms = ProviderTerms(slots: 20, latencyMilliseconds: 1)
        keys = "\(directory)/\(name.rawValue).keys"
        try FileSystem.writeAtomically(AcceptedKeys(of: [Self.key]).text, to: keys)
        book = try ChargeBook(directory: directory, name: name.rawValue)
        var router = Router()
        Provider(
            terms,
            book: book,
            keys: MerchantKeys(path: keys, logger: .silent),
            amount: ChargedAmount { [wrongShare] in Int(wrongShare.value) },
            logger: .silent,
            metrics: metrics
        ).install(in: &router)
        server = HTTPServer(
            configuration: HTTPServerConfiguration(
                listen: .tcp(host: "127.0.0.1", port: 0),
                threads: 1,
                name: "provider"
            ),
            router: router,
            logger: .silent,
            metrics: metrics
        )
        try await server.start()
        url = "http://127.0.0.1:\(server.port)"
    }

    func stop() async { await server.drain(within: .milliseconds(100)) }

    /// A key whose charge this kind of provider will simply make.
    static func plainKey(_ number: Int) -> String {
        var attempt = 0
        while true {
            let key = "purchase-\(number)-\(attempt)"
            let charge = Charge(key: key, amountCents: 1, card: "card-1")
            if ProviderTerms.primary.fate(of: charge) == .charge(extraMilliseconds: 0) { return key }
            attempt += 1
        }
    }

    static let declinedCard = (0..<10_000).lazy.map { "card-\($0)" }.first { ProviderTerms.isDeclined(card: $0) } ?? ""
}
