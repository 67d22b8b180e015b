import Synchronization

/// Orders that were acknowledged and that nobody has looked after yet.
final class OwnOrders: Sendable {
    struct Order: Sendable {
        var id: String
        var customer: Int
        var acknowledged: ContinuousClock.Instant
    }

    private let orders = Mutex<[Order]>([])

    func add(_ order: Order) {
        orders.withLock { orders in
            orders.append(order)
            if orders.count > 64 { orders.removeFirst() }
        }
    }

    /// The newest one, because its customer has just been told that it is bought.
    ///
    /// Nobody asks after what is older than fifteen seconds.
    func take(at now: ContinuousClock.Instant = .now) -> Order? {
        orders.withLock { orders in
            orders.removeAll { $0.acknowledged < now - .seconds(15) }
            return orders.popLast()
        }
    }
}
