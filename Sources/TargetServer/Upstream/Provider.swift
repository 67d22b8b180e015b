import OpsHTTP
import OpsModel
import OpsService

/// A payment provider: charges each key once, within its capacity.
final class Provider: Sendable {
    private let terms: ProviderTerms
    private let book: ChargeBook
    private let turnstile: Turnstile
    private let keys: MerchantKeys
    private let amount: ChargedAmount
    private let logger: Logger
    private let charges: Counter

    init(
        _ terms: ProviderTerms,
        book: ChargeBook,
        keys: MerchantKeys,
        amount: ChargedAmount,
        logger: Logger,
        metrics: MetricsRegistry
    ) {
        self.terms = terms
        self.book = book
        self.keys = keys
        self.amount = amount
        self.logger = logger
        let turnstile = Turnstile(limit: terms.slots)
        self.turnstile = turnstile
        charges = metrics.counter("shop_charges_total", "Charges by how they ended.", labels: ["result"])
        metrics.gauge("shop_provider_busy", "Charges running.") { [([], Double(turnstile.busy))] }
        metrics.gauge("shop_provider_max", "Charges possible at a time.") { [([], Double(turnstile.limit))] }
    }

    func install(in router: inout Router) {
        router.post(
            "/charges",
            summary: "Charges a card once per key.",
            access: .open,
            request: Schemas.charge,
            successStatus: 201,
            handler: charge
        )
        router.get("/charges/{key}", summary: "What became of a charge.", access: .open, handler: find)
        router.get("/charges", summary: "Charges in order, after= the last one known.", access: .open, handler: list)
        router.get("/account", summary: "Whether the merchant's key is taken.", access: .open, handler: account)
    }

    @Sendable private func charge(_ request: HTTPRequest) async throws -> HTTPResponse {
        try admit(request)
        let charge = try request.json(Charge.self)
        var problems = Problems()
        problems.check((1...80).contains(charge.key.utf8.count), "key: 1 to 80 characters")
        problems.check(charge.amountCents > 0, "amount_cents: more than 0")
        try problems.throwIfAny()
        guard let answer = try await turnstile.pass(within: .milliseconds(500), { try await process(charge) }) else {
            charges.add(1, ["rejected"])
            throw HTTPError.unavailable("The provider is at its capacity.", code: "capacity")
        }
        return answer
    }

    private func process(_ charge: Charge) async throws -> HTTPResponse {
        if let known = book.find(charge.key) { return answer(known, isRepeated: true) }
        let fate = terms.fate(of: charge)
        try await Task.sleep(for: .milliseconds(terms.latencyMilliseconds))
        switch fate {
        case .issuerSilent:
            charges.add(1, ["rejected"])
            logger.warning("card issuer did not answer", ["status": 504])
            throw HTTPError(status: 504, code: "issuer_silent", message: "The card's issuer did not answer.")
        case .decline:
            let (record, isRepeated) = try book.record(charge, .declined)
            return answer(record, isRepeated: isRepeated)
        case .charge(let extra):
            if extra > 0 {
                try await Task.sleep(for: .milliseconds(extra))
                logger.warning("card issuer answered slowly", ["duration_ms": .int(extra)])
            }
            var made = charge
            made.amountCents = amount.cents(of: charge)
            let (record, isRepeated) = try book.record(made, .charged)
            return answer(record, isRepeated: isRepeated)
        }
    }

    private func answer(_ record: ChargeRecord, isRepeated: Bool) -> HTTPResponse {
        charges.add(1, [isRepeated ? "repeated" : record.result.rawValue])
        let status = record.result == .declined ? 402 : isRepeated ? 200 : 201
        return .json(record, status: status)
    }

    @Sendable private func find(_ request: HTTPRequest) async throws -> HTTPResponse {
        try admit(request)
        guard let record = book.find(try request.parameter("key")) else { throw Identity.missing("charge") }
        return .json(record)
    }

    @Sendable private func list(_ request: HTTPRequest) async throws -> HTTPResponse {
        try admit(request)
        let after = try request.integer(query: "after", default: 0, in: 0...Int.max)
        return .json(book.after(after, limit: 1_000))
    }

    /// Charges nothing: for whoever wants to know whether a charge would be taken.
    @Sendable private func account(_ request: HTTPRequest) async throws -> HTTPResponse {
        try accept(request)
        return .json(["merchant": "known"])
    }

    private func admit(_ request: HTTPRequest) throws(HTTPError) {
        do throws(HTTPError) { try accept(request) } catch {
            charges.add(1, ["rejected"])
            throw error
        }
    }

    private func accept(_ request: HTTPRequest) throws(HTTPError) {
        try keys.admit(request)
        try RequestTime.admit(request)
    }
}
