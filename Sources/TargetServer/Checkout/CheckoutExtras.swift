import OpsHTTP
import OpsModel
import OpsService

/// What a checkout tells beside the order itself, each part behind a flag of its own and worked out before anything is reserved.
struct CheckoutExtras: Sendable {
    /// What goes into the receipt.
    struct Told: Sendable, Equatable {
        var delivery: String?
        var points: Int?
    }

    let flags: FlagBoard
    let logger: Logger

    func tell(_ request: CheckoutRequest) throws(HTTPError) -> Told {
        Told(
            delivery: try flags.isOn("delivery-windows") ? window(of: request.customerID) : nil,
            points: try flags.isOn("loyalty-points") ? points(for: request.items) : nil
        )
    }

    private func window(of customer: Int) throws(HTTPError) -> String {
        let tour = DeliveryTour(customer: customer)
        guard let window = tour.window else {
            logger.error("delivery tour of the district does not exist", ["district": .int(tour.district)])
            throw Self.failed
        }
        return window
    }

    private func points(for items: [CheckoutRequest.Item]) throws(HTTPError) -> Int {
        guard let points = LoyaltyPoints.earned(by: items) else {
            let products: [JSONValue] = items.map { .int($0.productID) }
            logger.error("points of a series are out of range", ["products": .array(products)])
            throw Self.failed
        }
        return points
    }

    private static let failed = HTTPError(
        status: 500,
        code: "internal_error",
        message: "The shop failed at this request."
    )
}
