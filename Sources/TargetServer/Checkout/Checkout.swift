import OpsModel
import OpsService

/// Turns a basket into a paid order: reserve in a short transaction, charge outside of any, confirm in another.
///
/// Each step leaves something that the next try, or the worker's settlement, can finish: an order whose payment is unknown
/// stays pending at the provider that may have charged it, and no other provider is asked before that one has said no.
struct Checkout: Sendable {
    enum Result: Sendable, Equatable {
        /// `chargedCents` is what the provider says that it charged; nil when that was said to an earlier try.
        case paid(order: String, amountCents: Int, charge: String, chargedCents: Int?)
        case declined(order: String)
        case unknownProduct
        case unknownCustomer
        case outOfStock(product: Int)
        case busy
        case paymentFailed(code: String)
        case paymentUnknown(code: String)
    }

    let book: OrderBook
    let gateway: PaymentGateway
    /// Checkouts at the same time: fewer than the pool has connections, so that slow ones leave some for reading.
    let turnstile: Turnstile
    let logger: Logger

    func run(_ request: CheckoutRequest, key: String) async throws -> Result {
        if gateway.refusesNow() { return .paymentFailed(code: "breaker-open") }
        let start = ContinuousClock.now
        let reservation = try await turnstile.pass(within: .milliseconds(300)) {
            try await book.reserve(request, key: key, provider: gateway.settings.active)
        }
        if start.duration(to: .now) > .milliseconds(400) {
            logger.warning("reservation was slow", ["duration_ms": .int(start.duration(to: .now).milliseconds)])
        }
        switch reservation {
        case nil: return .busy
        case .unknownProduct: return .unknownProduct
        case .unknownCustomer: return .unknownCustomer
        case .outOfStock(let product): return .outOfStock(product: product)
        case .settled(let id, let state, let amount, let charge): return Self.repeated(id, state, amount, charge)
        case .pending(let order): return try await pay(order, card: request.card)
        }
    }

    private static func repeated(_ id: String, _ state: String, _ amount: Int, _ charge: String?) -> Result {
        guard let charge, state == "paid" || state == "fulfilled" else { return .declined(order: id) }
        return .paid(order: id, amountCents: amount, charge: charge, chargedCents: nil)
    }

    private func pay(_ order: PendingOrder, card: String) async throws -> Result {
        if order.provider != gateway.settings.active, let result = try await settleElsewhere(order) { return result }
        let charge = Charge(key: order.key, amountCents: order.amountCents, card: card)
        switch await gateway.charge(charge) {
        case .charged(let id, let cents): return try await confirmed(order, charge: id, cents: cents)
        case .declined:
            try await book.release(order.id, as: "declined")
            return .declined(order: order.id)
        case .notCharged(let code):
            try await book.release(order.id, as: "cancelled")
            return .paymentFailed(code: code)
        case .unknown(let code):
            logger.error("payment has no known outcome", ["order": .string(order.id), "code": .string(code)])
            return .paymentUnknown(code: code)
        }
    }

    private func confirmed(_ order: PendingOrder, charge: String, cents: Int?) async throws -> Result {
        if try await !book.confirm(order.id, charge: charge) {
            logger.warning("order was confirmed already", ["order": .string(order.id)])
        }
        return .paid(order: order.id, amountCents: order.amountCents, charge: charge, chargedCents: cents)
    }

    /// An earlier try may have charged at the other provider: it is asked first, and nil means that it has not.
    private func settleElsewhere(_ order: PendingOrder) async throws -> Result? {
        let record: ChargeRecord?
        do {
            record = try await gateway.find(key: order.key, at: order.provider)
        } catch {
            return .paymentUnknown(code: FailureCode.word(for: error))
        }
        switch record?.result {
        case .charged: return try await confirmed(order, charge: record?.id ?? "", cents: record?.amountCents)
        case .declined:
            try await book.release(order.id, as: "declined")
            return .declined(order: order.id)
        case nil:
            try await book.reassign(order.id, to: gateway.settings.active)
            return nil
        }
    }
}

extension Duration {
    /// Whole milliseconds, for logs.
    var milliseconds: Int { Int(components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000) }
}
