import Glibc
import OpsService

/// Who comes next, when, and what for: one seed gives one sequence, whatever the shop answers.
///
/// Arrivals are a Poisson process. What is rare on purpose (the old sorting that fails, searches, old clients) comes at even
/// distances, so that the quiet shop's errors do not pile up by chance.
struct Traffic: Sendable {
    private static let customers = 1_000
    private static let pages = 100
    private static let products = 2_000
    private var arrivals: SeededGenerator
    private var choices: SeededGenerator
    private var credit = [0, 0, 0]
    private var browsed = 0
    private var bought = 0
    private let prefix: String

    /// Begins the sequence of a seed; `prefix` begins every key, so that two runs with one seed buy different things.
    init(seed: UInt64, prefix: String) {
        let source = SeededGenerator(seed: seed)
        arrivals = source.fork("arrivals")
        choices = source.fork("choices")
        self.prefix = prefix
    }

    /// Seconds until the next visit.
    mutating func gap(_ mix: Mix) -> Double { -log(1 - arrivals.nextUnit()) / mix.rate }

    mutating func next(_ mix: Mix) -> Visit {
        let customer = 1 + Int(choices.nextUnit() * choices.nextUnit() * Double(Self.customers))
        switch turn(mix) {
        case .browse: return browse(customer)
        case .checkout: return checkout(customer, mix)
        default: return Visit(customer: customer, wish: .fulfil)
        }
    }

    /// Smooth weighted round robin, as the edge does it.
    private mutating func turn(_ mix: Mix) -> Journey {
        let weights = [mix.browse, mix.checkout, mix.fulfil]
        for index in weights.indices { credit[index] += weights[index] }
        let chosen = credit.indices.max { credit[$0] < credit[$1] } ?? 0
        credit[chosen] -= weights.reduce(0, +)
        return Journey.shop[chosen]
    }

    private mutating func browse(_ customer: Int) -> Visit {
        browsed += 1
        var target = "/api/products?page=\(page())"
        let knowsOffer = browsed % 8 == 3
        if knowsOffer { target = "/api/products?page=1" }
        if browsed % 45 == 20 { target = "/api/products?page=1&q=\(word())" }
        if browsed % 400 == 200 { target = "/api/products?page=1&sort=value" }
        return Visit(
            customer: customer,
            wish: .browse(target: target),
            isOldClient: browsed % 150 == 75,
            knowsOffer: knowsOffer
        )
    }

    /// Most people see the first page only.
    private mutating func page() -> Int {
        let chance = choices.nextUnit()
        return chance < 0.6 ? 1 : 1 + Int(chance * choices.nextUnit() * Double(Self.pages))
    }

    private mutating func word() -> String {
        String(String(Int(choices.nextUnit() * 4_096) + 4_096, radix: 16).dropFirst())
    }

    private mutating func checkout(_ customer: Int, _ mix: Mix) -> Visit {
        bought += 1
        let count = choices.nextUnit() < 0.85 ? 1 : 2
        var items: [CheckoutRequest.Item] = []
        while items.count < count {
            let product = product()
            if items.contains(where: { $0.productID == product }) { continue }
            items.append(.init(productID: product, quantity: 1 + Int(choices.nextUnit() * 3)))
        }
        let wish = Visit.Wish.checkout(key: "\(prefix)-\(bought)", items: items, card: card(mix))
        return Visit(customer: customer, wish: wish)
    }

    /// Half of all purchases are of the five products that everybody buys.
    private mutating func product() -> Int {
        1 + Int(choices.nextUnit() * Double(choices.nextUnit() < 0.5 ? 5 : Self.products))
    }

    private mutating func card(_ mix: Mix) -> String {
        let wanted = mix.declines.map { choices.nextUnit() < $0 }
        while true {
            let card = "card-\(Int(choices.nextUnit() * 1_000_000))"
            if wanted == nil || ProviderTerms.isDeclined(card: card) == wanted { return card }
        }
    }
}
