import OpsHTTP
import OpsModel
import OpsService
import OpsSystem
import Synchronization

/// Carries out visits and says how they went.
///
/// The first answer is the one that counts; a purchase that failed for want of an answer is tried once more with the
/// same key, for the goods' sake, within a retry budget.
final class Customer: Sendable {
    private struct Receipt: Decodable {
        var orderID: String
        var amountCents: Int
        var chargeID: String

        enum CodingKeys: String, CodingKey {
            case orderID = "order_id"
            case amountCents = "amount_cents"
            case chargeID = "charge_id"
        }
    }

    private struct Basket: Encodable {
        var customerID: Int
        var items: [CheckoutRequest.Item]
        var card: String

        enum CodingKeys: String, CodingKey {
            case customerID = "customer_id"
            case items
            case card
        }
    }

    private let web: String
    private let http: HTTPClient
    private let audience: Audience
    private let ledger: Ledger
    private let offers: OfferBoard?
    private let own = OwnOrders()
    private let meter: CallMeter
    private let logger: Logger
    private let budget: Mutex<RetryBudget>
    private let limit: @Sendable (Journey) -> Duration

    init(
        web: String,
        http: HTTPClient,
        audience: Audience,
        ledger: Ledger,
        offers: OfferBoard? = nil,
        meter: CallMeter,
        logger: Logger,
        retryPercent: Int,
        limit: @escaping @Sendable (Journey) -> Duration = { $0.limit }
    ) {
        self.limit = limit
        self.web = web
        self.http = http
        self.audience = audience
        self.ledger = ledger
        self.offers = offers
        self.meter = meter
        self.logger = logger
        budget = Mutex(RetryBudget(percent: retryPercent))
    }

    var retryTokens: Double { budget.withLock { $0.tokens } }

    func carryOut(_ visit: Visit) async {
        switch visit.wish {
        case .browse(let target): await browse(visit, target)
        case .checkout(let key, let items, let card): await buy(visit, key, items, card)
        case .fulfil: await follow(visit)
        }
    }

    private func browse(_ visit: Visit, _ target: String) async {
        let start = ContinuousClock.now
        let verdict = audience.begin(visit, at: start)
        let offer = visit.knowsOffer ? offers?.current : nil
        var request = HTTPClientRequest(url: web + target, timeout: Journey.browse.patience, retries: 0)
        if visit.isOldClient { request.headers["X-Client-Version"] = "1" }
        let answer = await send(request)
        var observation = observe(visit, answer, since: start, good: [200])
        if observation.isGood, !Self.hasPrice(answer) {
            observation.isGood = false
            observation.code = "body"
        }
        if observation.isGood, let offer, Self.shows(answer, otherwiseThan: offer), await isStill(offer, since: start) {
            observation.isGood = false
            observation.code = "body"
        }
        audience.end(verdict, observation)
    }

    /// Whether a list has another price for what was offered.
    private static func shows(
        _ answer: Result<HTTPClientResponse, HTTPClientError>,
        otherwiseThan offer: OfferBoard.Offer
    ) -> Bool {
        guard case .success(let response) = answer,
            JSONScanner.scalar(at: "data.0.id", in: response.body) == String(offer.product)
        else { return false }
        return JSONScanner.scalar(at: "data.0.price_cents", in: response.body) != String(offer.priceCents)
    }

    /// Whether the offered price is the product's own: then the list that says otherwise is wrong.
    ///
    /// A price that was changed since, or that nobody tells in time, is held against nobody.
    private func isStill(_ offer: OfferBoard.Offer, since start: ContinuousClock.Instant) async -> Bool {
        let left = limit(.browse) - start.duration(to: .now) - .milliseconds(20)
        guard left > .milliseconds(20) else { return false }
        let request = HTTPClientRequest(url: "\(web)/api/products/\(offer.product)", timeout: left, retries: 0)
        guard case .success(let response) = await send(request), response.status == 200 else { return false }
        return JSONScanner.scalar(at: "data.price_cents", in: response.body) == String(offer.priceCents)
            && offers?.current == offer
    }

    private static func hasPrice(_ answer: Result<HTTPClientResponse, HTTPClientError>) -> Bool {
        guard case .success(let response) = answer else { return false }
        let price = JSONScanner.scalar(at: "data.0.price_cents", in: response.body)
        return (price.flatMap { Double($0) } ?? 0) > 0
    }

    private func buy(_ visit: Visit, _ key: String, _ items: [CheckoutRequest.Item], _ card: String) async {
        let start = ContinuousClock.now
        let verdict = audience.begin(visit, at: start)
        budget.withLock { $0.called() }
        guard let body = try? OpsJSON.encode(Basket(customerID: visit.customer, items: items, card: card)) else {
            return
        }
        let request = HTTPClientRequest(
            method: .post,
            url: "\(web)/api/checkout",
            headers: ["Content-Type": "application/json"],
            body: body,
            timeout: Journey.checkout.patience,
            idempotencyKey: key,
            retries: 0
        )
        let answer = await send(request)
        keep(answer, visit, key)
        var observation = observe(visit, answer, since: start, good: [201, 402])
        if observation.isGood, Self.isChargedOtherwise(answer) {
            observation.isGood = false
            observation.code = "body"
        }
        audience.end(verdict, observation)
        guard isWorthRepeating(answer), budget.withLock({ $0.takesRetry() }) else { return }
        do { try await Task.sleep(for: .milliseconds(300)) } catch { return }
        keep(await send(request), visit, key)
    }

    /// Whether a receipt says that another amount was charged than the order costs; one that says nothing does not.
    private static func isChargedOtherwise(_ answer: Result<HTTPClientResponse, HTTPClientError>) -> Bool {
        guard case .success(let response) = answer, response.status == 201,
            let charged = JSONScanner.scalar(at: "data.charged_cents", in: response.body)
        else { return false }
        return charged != JSONScanner.scalar(at: "data.amount_cents", in: response.body)
    }

    private func isWorthRepeating(_ answer: Result<HTTPClientResponse, HTTPClientError>) -> Bool {
        switch answer {
        case .success(let response): [502, 503, 504].contains(response.status)
        case .failure(let error): error.code != .cancelled
        }
    }

    /// Writes an acknowledged purchase down.
    private func keep(_ answer: Result<HTTPClientResponse, HTTPClientError>, _ visit: Visit, _ key: String) {
        guard case .success(let response) = answer, response.status == 201 else { return }
        do {
            let receipt = try response.json(Receipt.self)
            try ledger.add(
                Ledger.Entry(
                    at: Timestamp.now().secondsSinceEpoch,
                    order: receipt.orderID,
                    key: key,
                    customer: visit.customer,
                    amountCents: receipt.amountCents,
                    charge: receipt.chargeID
                )
            )
            own.add(.init(id: receipt.orderID, customer: visit.customer, acknowledged: .now))
        } catch {
            logger.error("purchase cannot be written down", ["key": .string(key), "error": .string("\(error)")])
        }
    }

    /// Asks after an own order until it is on its way, ten seconds at most after it was acknowledged.
    private func follow(_ visit: Visit) async {
        guard let order = own.take() else { return }
        let visit = Visit(customer: order.customer, wish: .fulfil)
        let start = ContinuousClock.now
        let verdict = audience.begin(visit, at: start)
        let request = HTTPClientRequest(
            url: "\(web)/api/orders/\(order.id)",
            timeout: Journey.fulfil.patience,
            retries: 0
        )
        while true {
            let answer = await send(request)
            var observation = observe(visit, answer, since: start, good: [200])
            let isFulfilled = Self.state(answer) == "fulfilled"
            let isLate = order.acknowledged.duration(to: .now) > Journey.fulfil.limit
            if observation.isGood, !isFulfilled, isLate { (observation.isGood, observation.code) = (false, "late") }
            if isFulfilled || !observation.isGood { return audience.end(verdict, observation) }
            do { try await Task.sleep(for: .milliseconds(250)) } catch { return }
        }
    }

    private static func state(_ answer: Result<HTTPClientResponse, HTTPClientError>) -> String? {
        guard case .success(let response) = answer else { return nil }
        return JSONScanner.scalar(at: "data.state", in: response.body)
    }

    private func send(_ request: HTTPClientRequest) async -> Result<HTTPClientResponse, HTTPClientError> {
        let start = ContinuousClock.now
        meter.attempted("web")
        do {
            let response = try await http.send(request)
            meter.finished("web", String(response.status), since: start)
            return .success(response)
        } catch {
            meter.finished("web", FailureCode.word(for: error), since: start)
            return .failure(error)
        }
    }

    private func observe(
        _ visit: Visit,
        _ answer: Result<HTTPClientResponse, HTTPClientError>,
        since start: ContinuousClock.Instant,
        good: Set<Int>
    ) -> Observation {
        let milliseconds = start.duration(to: .now).inSeconds * 1_000
        var observation = Observation(isGood: false, code: "", customer: visit.customer, milliseconds: milliseconds)
        switch answer {
        case .success(let response):
            observation.code = String(response.status)
            observation.instance = response.headers["X-Instance"] ?? ""
            observation.isGood = good.contains(response.status)
        case .failure(let error): observation.code = FailureCode.word(for: error)
        }
        if observation.isGood, milliseconds > Double(limit(visit.journey).milliseconds) {
            (observation.isGood, observation.code) = (false, visit.journey == .fulfil ? "late" : "slow")
        }
        return observation
    }
}
