import OpsModel
import OpsPostgres

/// Orders in the database: each method is one short transaction.
struct OrderBook: Sendable {
    /// What a checkout found or made.
    enum Reservation: Sendable, Equatable {
        /// Ours to charge, at this provider.
        case pending(PendingOrder)
        /// Decided earlier.
        case settled(id: String, state: String, amountCents: Int, charge: String?)
        case unknownProduct
        case outOfStock(product: Int)
        case unknownCustomer
    }

    let database: ShopDatabase

    /// Takes the goods from the stock and writes the order down, or finds what an earlier try with this key left.
    func reserve(
        _ request: CheckoutRequest,
        key: String,
        provider: ShopEnvironment.Provider
    ) async throws -> Reservation {
        do {
            return try await database.transaction { connection in
                if let known = try await Self.find(key, connection) {
                    guard known.state == "cancelled" else { return known.reservation(key) }
                    return try await Self.fill(request, key: key, reviving: known.id, provider, connection)
                }
                let id = Identifier.random(prefix: "ord", length: 14)
                return try await Self.fill(request, key: key, newID: id, provider, connection)
            }
        } catch let shortage as Shortage {
            return shortage.reservation
        } catch let error as PostgresError where error.sqlState == "23503" {
            return .unknownCustomer
        }
    }

    /// Writes down that an order is paid and asks the worker to fulfil it; false when it was decided otherwise.
    func confirm(_ order: String, charge: String) async throws -> Bool {
        try await database.query(
            """
            WITH paid AS (
              UPDATE orders SET state = 'paid', charge_id = $2, updated_at = now()
              WHERE id = $1 AND state = 'pending' RETURNING id
            )
            INSERT INTO jobs (kind, payload) SELECT 'fulfil', id FROM paid
            """,
            [.text(order), .text(charge)]
        ).affected == 1
    }

    /// Ends an order without a charge and gives its goods back, if nobody has touched it for `seconds`; says whether it did.
    @discardableResult
    func release(_ order: String, as state: String, quietFor seconds: Int = 0) async throws -> Bool {
        try await database.query(
            """
            WITH ended AS (
              UPDATE orders SET state = $2, updated_at = now()
              WHERE id = $1 AND state = 'pending' AND updated_at <= now() - make_interval(secs => $3) RETURNING id
            )
            UPDATE stock SET available = available + i.quantity, sold = sold - i.quantity
            FROM order_items AS i, ended WHERE i.order_id = ended.id AND stock.product_id = i.product_id
            """,
            [.text(order), .text(state), .int(seconds)]
        ).affected > 0
    }

    /// Moves an order that no provider has charged to another one.
    func reassign(_ order: String, to provider: ShopEnvironment.Provider) async throws {
        try await database.query(
            "UPDATE orders SET provider = $2, updated_at = now() WHERE id = $1 AND state = 'pending'",
            [.text(order), .text(provider.rawValue)]
        )
    }

    /// Orders whose payment nobody has decided for a while, oldest first.
    func stale(seconds: Int, limit: Int) async throws -> [PendingOrder] {
        try await database.query(
            """
            SELECT id, idempotency_key, amount_cents, provider FROM orders
            WHERE state = 'pending' AND updated_at < now() - make_interval(secs => $1) ORDER BY updated_at LIMIT $2
            """,
            [.int(seconds), .int(limit)]
        ).map { try PendingOrder($0) }
    }
}

/// An order that is reserved and not paid yet.
struct PendingOrder: Sendable, Equatable {
    var id: String
    var key: String
    var amountCents: Int
    var provider: ShopEnvironment.Provider

    init(id: String, key: String, amountCents: Int, provider: ShopEnvironment.Provider) {
        self.id = id
        self.key = key
        self.amountCents = amountCents
        self.provider = provider
    }

    init(_ row: PostgresRow) throws(PostgresError) {
        id = try row.string("id")
        key = try row.string("idempotency_key")
        amountCents = try row.int("amount_cents")
        provider = row["provider"].flatMap(ShopEnvironment.Provider.init) ?? .primary
    }
}
