import OpsPostgres

extension OrderBook {
    /// Ends the transaction of a reservation that cannot be made.
    struct Shortage: Error {
        var reservation: Reservation
    }

    struct Known {
        var id: String
        var state: String
        var amountCents: Int
        var charge: String?
        var provider: ShopEnvironment.Provider

        func reservation(_ key: String) -> Reservation {
            guard state == "pending" else {
                return .settled(id: id, state: state, amountCents: amountCents, charge: charge)
            }
            return .pending(PendingOrder(id: id, key: key, amountCents: amountCents, provider: provider))
        }
    }

    /// Finds and touches the order of a key, so that nobody takes it for forgotten while it is being charged.
    static func find(_ key: String, _ connection: PostgresConnection) async throws -> Known? {
        let rows = try await connection.query(
            """
            UPDATE orders SET updated_at = now() WHERE idempotency_key = $1
            RETURNING id, state, amount_cents, charge_id, provider
            """,
            [.text(key)]
        )
        guard let row = rows.first else { return nil }
        return Known(
            id: try row.string("id"),
            state: try row.string("state"),
            amountCents: try row.int("amount_cents"),
            charge: row["charge_id"],
            provider: row["provider"].flatMap(ShopEnvironment.Provider.init) ?? .primary
        )
    }

    static func fill(
        _ request: CheckoutRequest,
        key: String,
        newID id: String,
        _ provider: ShopEnvironment.Provider,
        _ connection: PostgresConnection
    ) async throws -> Reservation {
        let prices = try await take(request, connection)
        let amount = zip(request.lockOrder, prices).reduce(0) { $0 + $1.0.quantity * $1.1 }
        try await connection.query(
            """
            INSERT INTO orders (id, idempotency_key, customer_id, state, amount_cents, provider, remark)
            VALUES ($1, $2, $3, 'pending', $4, $5, $6)
            """,
            [
                .text(id), .text(key), .int(request.customerID), .int(amount), .text(provider.rawValue),
                .text(request.note ?? ""),
            ]
        )
        try await addItems(request, prices, to: id, connection)
        return .pending(PendingOrder(id: id, key: key, amountCents: amount, provider: provider))
    }

    /// A cancelled order is reserved anew under its old name when its customer tries again with the same key.
    static func fill(
        _ request: CheckoutRequest,
        key: String,
        reviving id: String,
        _ provider: ShopEnvironment.Provider,
        _ connection: PostgresConnection
    ) async throws -> Reservation {
        let prices = try await take(request, connection)
        let amount = zip(request.lockOrder, prices).reduce(0) { $0 + $1.0.quantity * $1.1 }
        try await connection.query(
            "UPDATE orders SET state = 'pending', amount_cents = $2, provider = $3, updated_at = now() WHERE id = $1",
            [.text(id), .int(amount), .text(provider.rawValue)]
        )
        try await connection.query("DELETE FROM order_items WHERE order_id = $1", [.text(id)])
        try await addItems(request, prices, to: id, connection)
        return .pending(PendingOrder(id: id, key: key, amountCents: amount, provider: provider))
    }

    /// Takes every item from the stock and gives the prices, in lock order.
    private static func take(_ request: CheckoutRequest, _ connection: PostgresConnection) async throws -> [Int] {
        var prices: [Int] = []
        for item in request.lockOrder {
            let rows = try await connection.query(
                """
                UPDATE stock SET available = available - $2, sold = sold + $2
                FROM products AS p WHERE p.id = stock.product_id AND stock.product_id = $1 AND available >= $2
                RETURNING p.price_cents
                """,
                [.int(item.productID), .int(item.quantity)]
            )
            guard let row = rows.first else {
                throw Shortage(reservation: try await missing(item.productID, connection))
            }
            prices.append(try row.int("price_cents"))
        }
        return prices
    }

    private static func missing(_ product: Int, _ connection: PostgresConnection) async throws -> Reservation {
        let rows = try await connection.query("SELECT FROM products WHERE id = $1", [.int(product)])
        return rows.isEmpty ? .unknownProduct : .outOfStock(product: product)
    }

    private static func addItems(
        _ request: CheckoutRequest,
        _ prices: [Int],
        to id: String,
        _ connection: PostgresConnection
    ) async throws {
        for (item, price) in zip(request.lockOrder, prices) {
            try await connection.query(
                "INSERT INTO order_items (order_id, product_id, quantity, price_cents) VALUES ($1, $2, $3, $4)",
                [.text(id), .int(item.productID), .int(item.quantity), .int(price)]
            )
        }
    }
}
