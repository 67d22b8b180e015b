/// What customers promise themselves from the shop; the same words and limits as in the topology.
enum Journey: String, Sendable, CaseIterable {
    case browse
    case checkout
    case fulfil

    /// The longest good answer.
    var limit: Duration {
        switch self {
        case .browse: .milliseconds(250)
        case .checkout: .milliseconds(800)
        case .fulfil: .seconds(10)
        }
    }

    /// When the customer goes away.
    var patience: Duration {
        switch self {
        case .browse, .fulfil: .seconds(2)
        case .checkout: .seconds(5)
        }
    }

    var route: String {
        switch self {
        case .browse: "GET /api/products"
        case .checkout: "POST /api/checkout"
        case .fulfil: "GET /api/orders/{id}"
        }
    }
}
