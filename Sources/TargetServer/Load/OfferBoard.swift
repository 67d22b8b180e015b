import Synchronization

/// What the shop has told its customers that something costs.
final class OfferBoard: Sendable {
    struct Offer: Hashable, Sendable {
        var product: Int
        var priceCents: Int
    }

    private let offer = Mutex<Offer?>(nil)

    /// Nil while nobody can say what the price is.
    var current: Offer? { offer.withLock { $0 } }

    func announce(_ offer: Offer?) { self.offer.withLock { $0 = offer } }
}
