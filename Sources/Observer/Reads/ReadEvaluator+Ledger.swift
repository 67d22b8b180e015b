internal import OpsModel

extension ReadEvaluator {
    /// What customers were told and what was charged are two accounts; where they differ, one of them is wrong.
    func ledger(_ query: ReadQuery) -> ReadAnswer {
        guard map.keepsLedger else { return unsupported(query, "no journey of the topology has a ledger") }
        guard let sample = world.ledger, isFresh(sample.at) else {
            return unknown(query, "the customers' ledger was not read lately", at: world.ledger?.at)
        }
        let ledger = sample.value
        guard ledger.compared > 0 else {
            let reason = ledger.orders == 0 ? "no order was acknowledged" : "no charge of the orders is known"
            return unknown(query, "\(reason) in the last \(Int(ledger.windowS)) s", at: sample.at)
        }
        return ok(
            query,
            .int(ledger.mismatched),
            unit: "count",
            at: sample.at,
            isStarved: sample.isStarved,
            fields: [
                "orders": .int(ledger.orders), "compared": .int(ledger.compared),
                "ratio": json(Double(ledger.mismatched) / Double(ledger.compared)), "window_s": json(ledger.windowS),
            ]
        )
    }
}
