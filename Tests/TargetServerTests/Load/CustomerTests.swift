import OpsHTTP
import OpsModel
import OpsService
import OpsTestKit
import Testing

@testable import TargetServer

/// Customers against a shop that answers as the test says.
@Suite struct CustomerTests {
    private struct Outcome {
        var good: Int
        var bad: Int
        var written: Int
    }

    private func live(
        _ visit: Visit,
        _ journey: Journey,
        offer: Int? = nil,
        _ install: (inout Router) -> Void
    ) async throws -> Outcome {
        let directory = try TemporaryDirectory()
        let metrics = MetricsRegistry()
        var router = Router()
        install(&router)
        let server = HTTPServer(
            configuration: .init(listen: .tcp(host: "127.0.0.1", port: 0), threads: 1, name: "shop"),
            router: router,
            logger: .silent,
            metrics: MetricsRegistry()
        )
        try await server.start()
        let audience = Audience(metrics: metrics)
        let ledger = try Ledger(directory: directory.path)
        let offers = OfferBoard()
        offers.announce(offer.map { .init(product: 1, priceCents: $0) })
        let customer = Customer(
            web: "http://127.0.0.1:\(server.port)",
            http: HTTPClient(configuration: .init(retries: 0)),
            audience: audience,
            ledger: ledger,
            offers: offers,
            meter: CallMeter(from: "load", metrics),
            logger: .silent,
            retryPercent: 0,
            limit: { _ in .seconds(10) }  // these tests are about answers; a busy machine is slow
        )
        await customer.carryOut(visit)
        await server.drain(within: .zero)
        let requests = metrics.counter("shop_journey_requests_total", "", labels: ["journey", "result"])
        return Outcome(
            good: Int(requests.value([journey.name, "good"])),
            bad: Int(requests.value([journey.name, "bad"])),
            written: ledger.since(0).count
        )
    }

    private let browse = Visit(customer: 1, wish: .browse(target: "/api/products?page=1"))
    private let checkout = Visit(
        customer: 1,
        wish: .checkout(key: "key-12345", items: [.init(productID: 1, quantity: 1)], card: "card-1")
    )

    @Test func aListWithAPriceIsGood() async throws {
        let outcome = try await live(browse, .browse) { router in
            router.get("/api/products", summary: "x", access: .open) { _ in .json([["price_cents": 5]]) }
        }
        #expect((outcome.good, outcome.bad) == (1, 0))
    }

    @Test(arguments: ["[]", #"[{"price_cents":0}]"#])
    func aListWithoutAPriceIsBad(_ data: String) async throws {
        let outcome = try await live(browse, .browse) { router in
            router.get("/api/products", summary: "x", access: .open) { _ in
                .text(#"{"data":\#(data)}"#, type: "application/json")
            }
        }
        #expect((outcome.good, outcome.bad) == (0, 1))
    }

    /// A list is wrong where it says another price than was offered and than the product has.
    @Test(arguments: [(5, 5, 1), (6, 5, 0), (6, 6, 1)])
    func aListWithAnOldPriceIsBadForWhoeverKnowsBetter(_ listed: Int, _ own: Int, _ good: Int) async throws {
        let visit = Visit(customer: 1, wish: .browse(target: "/api/products?page=1"), knowsOffer: true)
        for (visit, expected) in [(visit, good), (browse, 1)] {
            let outcome = try await live(visit, .browse, offer: 5) { router in
                router.get("/api/products", summary: "x", access: .open) { _ in
                    .json([["id": 1, "price_cents": listed]])
                }
                router.get("/api/products/1", summary: "x", access: .open) { _ in .json(["price_cents": own]) }
            }
            #expect((outcome.good, outcome.bad) == (expected, 1 - expected))
        }
    }

    @Test func aProductThatDoesNotAnswerIsHeldAgainstNoList() async throws {
        let visit = Visit(customer: 1, wish: .browse(target: "/api/products?page=1"), knowsOffer: true)
        let outcome = try await live(visit, .browse, offer: 5) { router in
            router.get("/api/products", summary: "x", access: .open) { _ in .json([["id": 1, "price_cents": 6]]) }
        }
        #expect((outcome.good, outcome.bad) == (1, 0))
    }

    @Test func aDeclinedCardIsARightAnswer() async throws {
        let outcome = try await live(checkout, .checkout) { router in
            router.post("/api/checkout", summary: "x", access: .open, request: [:]) { _ in
                throw HTTPError(status: 402, code: "card_declined", message: "no")
            }
        }
        #expect((outcome.good, outcome.bad, outcome.written) == (1, 0, 0))
    }

    @Test func anAcknowledgedPurchaseIsWrittenDown() async throws {
        let outcome = try await live(checkout, .checkout) { router in
            router.post("/api/checkout", summary: "x", access: .open, request: [:]) { _ in
                let receipt: JSONValue = ["order_id": "o", "amount_cents": 5, "charge_id": "c"]
                return .json(receipt, status: 201)
            }
        }
        #expect((outcome.good, outcome.written) == (1, 1))
    }

    @Test(arguments: [(5, 1, 0), (6, 0, 1), (50, 0, 1)])
    func aReceiptWithAnotherAmountIsBadAndWrittenDown(_ charged: Int, _ good: Int, _ bad: Int) async throws {
        let outcome = try await live(checkout, .checkout) { router in
            router.post("/api/checkout", summary: "x", access: .open, request: [:]) { _ in
                let receipt: JSONValue = [
                    "order_id": "o", "amount_cents": 5, "charge_id": "c", "charged_cents": .int(charged),
                ]
                return .json(receipt, status: 201)
            }
        }
        #expect((outcome.good, outcome.bad, outcome.written) == (good, bad, 1))
    }

    @Test func aServerErrorIsBad() async throws {
        let outcome = try await live(checkout, .checkout) { router in
            router.post("/api/checkout", summary: "x", access: .open, request: [:]) { _ in
                throw HTTPError.unavailable("no")
            }
        }
        #expect((outcome.good, outcome.bad) == (0, 1))
    }
}
