import OpsHTTP
import OpsModel
import OpsPostgres
import OpsSystem

/// Gathers the three accounts for a comparison.
///
/// Settings are read at each audit: the load outlives configurations of the shop. A provider's book on disk is preferred to
/// asking it, because a dead provider has still charged what it has charged.
struct LedgerAuditor: Sendable {
    let ledger: Ledger
    let directory: String
    let environmentFile: String?
    let http: HTTPClient

    func audit(since moment: Double) async throws -> LedgerAudit {
        let environment = try environmentFile.map { try ShopEnvironment.read($0) } ?? ShopEnvironment()
        let acknowledged = ledger.since(moment)
        let charges = try await charges(environment.payments, since: moment).filter { $0.at >= moment }
        let orders = try await orders(environment.database, acknowledged.map(\.order), charges.map(\.key))
        let settledBefore = Timestamp.now().secondsSinceEpoch - 15
        // A purchase that was charged just before the moment is in both accounts or in none.
        let known = Set(charges.map(\.key))
        return LedgerComparison(
            acknowledged: acknowledged.filter { known.contains($0.key) || $0.at > moment + 5 },
            orders: orders,
            charges: charges,
            settledBefore: settledBefore
        ).audit()
    }

    private func charges(_ payments: ShopEnvironment.Payments, since moment: Double) async throws -> [ChargeRecord] {
        let books = try FileSystem.list(directory).filter { $0.hasPrefix("charges-") }
        if books.count > 1 { return try books.flatMap { try ChargeBook.read("\(directory)/\($0)", since: moment) } }
        var all: [ChargeRecord] = []
        for provider in ShopEnvironment.Provider.allCases {
            all += try await ChargeFeed(url: payments.url(of: provider), key: { payments.key }, http: http).all()
        }
        return all
    }

    private func orders(
        _ settings: ShopEnvironment.Database,
        _ ids: [String],
        _ keys: [String]
    ) async throws -> [String: LedgerComparison.ShopOrder] {
        let connection = try await PostgresConnection.connect(settings.configuration(for: "audit"))
        defer { connection.close() }
        let columns = "id, idempotency_key, state, amount_cents"
        var found: [String: LedgerComparison.ShopOrder] = [:]
        for (column, values) in [("id", ids), ("idempotency_key", keys)] {
            for start in stride(from: 0, to: values.count, by: 2_000) {
                let rows = try await connection.query(
                    "SELECT \(columns) FROM orders WHERE \(column) = ANY($1::text[])",
                    [.textArray(Array(values[start..<min(start + 2_000, values.count)]))]
                )
                for row in rows {
                    let order = try LedgerComparison.ShopOrder(row)
                    found[order.id] = order
                }
            }
        }
        return found
    }
}

extension LedgerComparison.ShopOrder {
    init(_ row: PostgresRow) throws(PostgresError) {
        id = try row.string("id")
        key = try row.string("idempotency_key")
        state = try row.string("state")
        amountCents = try row.int("amount_cents")
    }
}
