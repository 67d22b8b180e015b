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

    /// The newest one: its customer has just been told that it is bought.
    func take() -> Order? { orders.withLock { $0.popLast() } }
}
