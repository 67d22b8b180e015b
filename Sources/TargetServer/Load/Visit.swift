/// One thing one customer does.
struct Visit: Sendable, Equatable {
    enum Wish: Sendable, Equatable {
        /// Looks at a list.
        case browse(target: String)
        /// Buys.
        case checkout(key: String, items: [CheckoutRequest.Item], card: String)
        /// Looks whether an own order is on its way.
        case fulfil
    }

    var customer: Int
    var wish: Wish
    /// Whether the customer uses the old mobile client.
    var isOldClient = false
    /// Whether the customer comes for the offer and knows what it costs.
    var knowsOffer = false

    var journey: Journey {
        switch wish {
        case .browse: .browse
        case .checkout: .checkout
        case .fulfil: .fulfil
        }
    }
}
