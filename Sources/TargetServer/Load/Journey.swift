/// What customers promise themselves from a system, and how long they are ready to wait for it.
struct Journey: Hashable, Sendable {
    let name: String
    /// The longest good answer.
    let limit: Duration
    /// When the customer goes away.
    let patience: Duration
    let route: String
    /// Whether it counts from another moment than its first request.
    var keepsOwnTime = false

    // The shop's; the same words and limits as in its topology.
    static let browse = Journey(
        name: "browse",
        limit: .milliseconds(250),
        patience: .seconds(2),
        route: "GET /api/products"
    )
    static let checkout = Journey(
        name: "checkout",
        limit: .milliseconds(800),
        patience: .seconds(5),
        route: "POST /api/checkout"
    )
    /// It keeps its own time: it counts from the acknowledgement of the order.
    static let fulfil = Journey(
        name: "fulfil",
        limit: .seconds(10),
        patience: .seconds(2),
        route: "GET /api/orders/{id}",
        keepsOwnTime: true
    )
    static let shop = [browse, checkout, fulfil]
}
