import OpsHTTP
import OpsModel
import OpsService
import Synchronization

/// Gives what stands first in the catalogue another price every few seconds, over the shop's own door, and tells the customers.
final class Shopkeeper: Service {
    private struct Change: Encodable {
        var name: String
        var category: String
        var priceCents: Int
        var weightG: Int

        enum CodingKeys: String, CodingKey {
            case name
            case category
            case priceCents = "price_cents"
            case weightG = "weight_g"
        }
    }

    private static let product = 1
    private static let prices = 1_000..<2_000
    private let url: String
    private let http: HTTPClient
    private let offers: OfferBoard
    private let interval: Duration
    private let generator: Mutex<SeededGenerator>

    init(web: String, http: HTTPClient, offers: OfferBoard, seed: UInt64, every interval: Duration = .seconds(2)) {
        url = "\(web)/api/products/\(Self.product)"
        self.http = http
        self.offers = offers
        self.interval = interval
        generator = Mutex(SeededGenerator(seed: seed).fork("offers"))
    }

    func run() async throws {
        while !Task.isCancelled {
            try await Task.sleep(for: interval)
            await change()
        }
    }

    /// When anything goes wrong nobody knows the price, and no customer is told one; the next turn says it again.
    func change() async {
        do {
            let product = try await http.send(.init(url: url, timeout: .seconds(2), retries: 0)).json(Product.self)
            let price = price(otherThan: product.priceCents)
            let change = Change(
                name: product.name,
                category: product.category,
                priceCents: price,
                weightG: product.weightG
            )
            let answer = try await http.send(
                .init(
                    method: .put,
                    url: url,
                    headers: ["Content-Type": "application/json"],
                    body: try OpsJSON.encode(change),
                    timeout: .seconds(2),
                    retries: 0
                )
            )
            offers.announce(answer.status == 200 ? .init(product: Self.product, priceCents: price) : nil)
        } catch {
            offers.announce(nil)
        }
    }

    private func price(otherThan old: Int) -> Int {
        let chance = generator.withLock { $0.nextUnit() }
        let new = Self.prices.lowerBound + Int(chance * Double(Self.prices.count))
        return new == old ? new + 1 : new
    }
}
