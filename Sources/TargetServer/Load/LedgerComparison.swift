import OpsModel

/// Holds three accounts of the same purchases against each other: the customers', the shop's, the providers'.
///
/// Pure.
struct LedgerComparison {
    struct ShopOrder: Sendable {
        var id: String
        var key: String
        var state: String
        var amountCents: Int
    }

    var acknowledged: [Ledger.Entry]
    /// By id.
    var orders: [String: ShopOrder]
    /// Of all providers together.
    var charges: [ChargeRecord]
    /// Charges younger than this may still be on their way into the books.
    var settledBefore: Double

    func audit() -> LedgerAudit {
        let made = charges.filter { $0.result == .charged }
        let byKey = Dictionary(grouping: made, by: \.key)
        let lost = acknowledged.filter { !["paid", "fulfilled"].contains(orders[$0.order]?.state ?? "missing") }
        let twice = byKey.values.filter { $0.count > 1 }.compactMap(\.first?.key).sorted()
        let wrong = mismatches(byKey)
        let details =
            lost.map { "order \($0.order) was acknowledged and is \(orders[$0.order]?.state ?? "missing")" }
            + twice.map { "key \($0) was charged \(byKey[$0]?.count ?? 0) times" } + wrong
        return LedgerAudit(
            orders: acknowledged.count,
            ordersLost: lost.count,
            chargedTwice: twice.count,
            mismatches: wrong.count,
            details: Array(details.prefix(20))
        )
    }

    private func mismatches(_ byKey: [String: [ChargeRecord]]) -> [String] {
        let unpaid = acknowledged.compactMap { entry -> String? in
            guard let charge = byKey[entry.key]?.first else { return "order \(entry.order) was never charged" }
            guard charge.amountCents != entry.amountCents else { return nil }
            return "order \(entry.order) costs \(entry.amountCents) and was charged \(charge.amountCents)"
        }
        let byOrderKey = Dictionary(orders.values.map { ($0.key, $0) }) { first, _ in first }
        let orphans = byKey.values.compactMap(\.first).filter { $0.at < settledBefore }.compactMap {
            charge -> String? in
            let state = byOrderKey[charge.key]?.state ?? "missing"
            return ["paid", "fulfilled", "pending"].contains(state)
                ? nil : "key \(charge.key) was charged and its order is \(state)"
        }
        return unpaid.sorted() + orphans.sorted()
    }
}
