import OpsHTTP
import OpsModel
import OpsService

/// The checkout over HTTP: its results as statuses.
struct CheckoutController: Sendable {
    struct Receipt: Encodable {
        var orderID: String
        var state: String
        var amountCents: Int?
        var chargeID: String?
        /// What the provider says that it charged, as it says it.
        var chargedCents: Int?
        var dispatchDays: Int
        var deliveryWindow: String?
        var points: Int?

        enum CodingKeys: String, CodingKey {
            case orderID = "order_id"
            case state
            case amountCents = "amount_cents"
            case chargeID = "charge_id"
            case chargedCents = "charged_cents"
            case dispatchDays = "dispatch_days"
            case deliveryWindow = "delivery_window"
            case points
        }
    }

    let checkout: Checkout
    let dispatch: Dispatch
    let flags: FlagBoard
    let logger: Logger

    func install(in router: inout Router) {
        router.post(
            "/api/checkout",
            summary: "Buys a basket: reserves the goods, charges the card, confirms the order.",
            access: .open,
            request: Schemas.checkout,
            successStatus: 201,
            handler: buy
        )
    }

    @Sendable private func buy(_ request: HTTPRequest) async throws -> HTTPResponse {
        let key = try CheckoutRequest.key(of: request)
        var body = try request.json(CheckoutRequest.self)
        try body.validate()
        if !flags.isOn("order-notes") { body.note = nil }
        if body.customerID % 50 == 0 { logger.warning("address has no postcode", ["customer": .int(body.customerID)]) }
        let told = try CheckoutExtras(flags: flags, logger: logger).tell(body)
        let days = try await dispatch.days(for: body.items)
        return try answer(await checkout.run(body, key: key), told, dispatch: days)
    }

    private func answer(
        _ result: Checkout.Result,
        _ told: CheckoutExtras.Told,
        dispatch days: Int
    ) throws(HTTPError) -> HTTPResponse {
        switch result {
        case .paid(let order, let amount, let charge, let charged):
            return .json(
                Receipt(
                    orderID: order,
                    state: "paid",
                    amountCents: amount,
                    chargeID: charge,
                    chargedCents: charged,
                    dispatchDays: days,
                    deliveryWindow: told.delivery,
                    points: told.points
                ),
                status: 201
            )
        case .declined:
            throw HTTPError(
                status: 402,
                code: "card_declined",
                message: "The card was declined.",
                hint: "Use another card, with another Idempotency-Key."
            )
        case .unknownProduct, .unknownCustomer:
            throw .unprocessable(
                "The basket names a product or customer that does not exist.",
                code: "unknown_reference"
            )
        case .outOfStock(let product):
            throw .conflict("out_of_stock", "There is not enough of product \(product).", hint: "Order less of it.")
        case .busy: throw .unavailable("Too many checkouts are waiting.", code: "busy")
        case .paymentFailed(let code): throw Self.failed("The payment could not be made.", "payment_failed", code)
        case .paymentUnknown(let code): throw Self.failed("The payment is not confirmed yet.", "payment_unknown", code)
        }
    }

    private static func failed(_ message: String, _ code: String, _ cause: String) -> HTTPError {
        HTTPError(
            status: 502,
            code: code,
            message: message,
            hint: "Repeat it with the same Idempotency-Key: nothing is charged twice.",
            details: ["cause": .string(cause)]
        )
    }
}
