import OpsHTTP
import OpsModel
import OpsService
import Synchronization

/// Charges cards at the active provider, within a breaker and a retry budget.
///
/// It never goes to the other provider by itself: PAYMENTS_ACTIVE decides, and it is read at the start.
final class PaymentGateway: Sendable {
    enum Outcome: Sendable, Equatable {
        case charged(id: String, amountCents: Int)
        case declined
        /// The provider has certainly not charged.
        case notCharged(code: String)
        /// The answer is missing: the provider may have charged.
        case unknown(code: String)
    }

    let settings: ShopEnvironment.Payments
    private let http: HTTPClient
    private let meter: CallMeter
    private let logger: Logger
    private let breaker = Mutex(CircuitBreaker())
    private let budget: Mutex<RetryBudget>
    private let patience: Duration
    private let now: @Sendable () -> Timestamp

    init(
        _ environment: ShopEnvironment,
        http: HTTPClient,
        meter: CallMeter,
        logger: Logger,
        metrics: MetricsRegistry,
        patience: Duration = .milliseconds(1_500),
        now: @escaping @Sendable () -> Timestamp = { .now() }
    ) {
        settings = environment.payments
        self.http = http
        self.meter = meter
        self.logger = logger
        self.patience = patience
        self.now = now
        budget = Mutex(RetryBudget(percent: environment.retryBudget))
        let active = settings.active
        metrics.gauge("shop_payments_active", "1 for the provider in use.", labels: ["provider"]) {
            ShopEnvironment.Provider.allCases.map { ([$0.rawValue], $0 == active ? 1 : 0) }
        }
        metrics.gauge("shop_breaker_state", "1 for the state of the breaker.", labels: ["state"]) { [self] in
            let state = breaker.withLock { $0.state }
            return CircuitBreaker.State.allCases.map { ([$0.rawValue], $0 == state ? 1 : 0) }
        }
        metrics.gauge("shop_retry_budget_tokens", "Retries that may still be made.") { [self] in
            [([], budget.withLock { $0.tokens })]
        }
    }

    /// Whether a charge would be refused by the breaker, so that nothing need be reserved.
    ///
    /// A refusal is counted like a call.
    func refusesNow() -> Bool {
        guard breaker.withLock({ $0.refuses(at: .now) }) else { return false }
        meter.finished("payments", "breaker-open", since: .now)
        return true
    }

    func charge(_ charge: Charge) async -> Outcome {
        let start = ContinuousClock.now
        guard breaker.withLock({ $0.admits(at: .now) }) else {
            meter.finished("payments", "breaker-open", since: start)
            return .notCharged(code: "breaker-open")
        }
        budget.withLock { $0.called() }
        var (outcome, code) = await attempt(charge)
        if Self.isWorthRetrying(code), budget.withLock({ $0.takesRetry() }) {
            let first = outcome
            (outcome, code) = await attempt(charge)
            outcome = Self.both(first, outcome)
        }
        meter.finished("payments", code, since: start)
        note(code)
        return outcome
    }

    /// What a provider knows about a charge; nil when it has never heard of it.
    ///
    /// - Throws: When the provider does not say, so that nobody knows.
    func find(key: String, at provider: ShopEnvironment.Provider) async throws -> ChargeRecord? {
        let url = "\(settings.url(of: provider))/charges/\(key)"
        let request = HTTPClientRequest(
            url: url,
            headers: ["Date": HTTPDate.text(now())],
            timeout: .seconds(1),
            key: settings.key,
            retries: 0
        )
        let answer = try await http.send(request)
        if answer.status == 404 { return nil }
        guard answer.isSuccess else { throw Unanswered(code: String(answer.status)) }
        return try answer.json(ChargeRecord.self)
    }

    private func attempt(_ charge: Charge) async -> (Outcome, code: String) {
        meter.attempted("payments")
        do {
            let request = HTTPClientRequest(
                method: .post,
                url: "\(settings.url(of: settings.active))/charges",
                headers: ["Content-Type": "application/json", "Date": HTTPDate.text(now())],
                body: try OpsJSON.encode(charge),
                timeout: patience,
                idempotencyKey: charge.key,
                key: settings.key,
                retries: 0
            )
            return try outcome(await http.send(request))
        } catch let error as HTTPClientError {
            let code = FailureCode.word(for: error)
            return (code == "refused" ? .notCharged(code: code) : .unknown(code: code), code)
        } catch {
            return (.unknown(code: "bad-answer"), "bad-answer")
        }
    }

    private func outcome(_ answer: HTTPClientResponse) throws -> (Outcome, code: String) {
        let code = String(answer.status)
        switch answer.status {
        case 200, 201:
            let record = try answer.json(ChargeRecord.self)
            guard record.result == .charged else { return (.declined, code) }
            return (.charged(id: record.id, amountCents: record.amountCents), code)
        case 402: return (.declined, code)
        default: return (.notCharged(code: code), code)
        }
    }

    /// What two tries together say: that the second was not charged says nothing about a first without an answer.
    static func both(_ first: Outcome, _ second: Outcome) -> Outcome {
        if case .unknown = first, case .notCharged = second { return first }
        return second
    }

    private static func isWorthRetrying(_ code: String) -> Bool { ["refused", "reset", "503"].contains(code) }

    private func note(_ code: String) {
        let isBad = ["refused", "reset", "timeout", "failed", "bad-answer"].contains(code) || code.hasPrefix("5")
        guard isBad else { return breaker.withLock { $0.succeeded() } }
        if breaker.withLock({ $0.failed(at: .now) }) {
            logger.error(
                "payments breaker opened",
                ["provider": .string(settings.active.rawValue), "code": .string(code)]
            )
        }
    }
}

/// A provider answered, but not the question.
struct Unanswered: CallFailure, CustomStringConvertible {
    var code: String
    var description: String { "the provider answered \(code)" }
}
