import OpsHTTP
import OpsModel
import OpsSystem
import OpsTestKit
import Testing

@testable import TargetServer

@Suite struct LedgerComparisonTests {
    private func entry(_ order: String, _ amount: Int = 100) -> Ledger.Entry {
        .init(at: 10, order: order, key: "k-\(order)", customer: 1, amountCents: amount, charge: "c")
    }

    private func order(_ id: String, _ state: String = "paid", _ amount: Int = 100) -> LedgerComparison.ShopOrder {
        .init(id: id, key: "k-\(id)", state: state, amountCents: amount)
    }

    private func charge(_ order: String, _ amount: Int = 100, at: Double = 10) -> ChargeRecord {
        .init(seq: 1, id: "c", key: "k-\(order)", amountCents: amount, result: .charged, at: at)
    }

    private func audit(
        _ entries: [Ledger.Entry],
        _ orders: [LedgerComparison.ShopOrder],
        _ charges: [ChargeRecord]
    ) -> LedgerAudit {
        LedgerComparison(
            acknowledged: entries,
            orders: Dictionary(uniqueKeysWithValues: orders.map { ($0.id, $0) }),
            charges: charges,
            settledBefore: 50
        ).audit()
    }

    @Test func threeEqualAccountsAreClean() {
        let audit = audit(
            [entry("a"), entry("b")],
            [order("a"), order("b", "fulfilled")],
            [charge("a"), charge("b")]
        )
        #expect(audit == LedgerAudit(orders: 2, ordersLost: 0, chargedTwice: 0, mismatches: 0))
    }

    @Test func aMissingOrCancelledOrderIsLost() {
        let audit = audit([entry("a"), entry("b")], [order("b", "cancelled")], [charge("a"), charge("b")])
        #expect(audit.ordersLost == 2)
        #expect(audit.details.first?.contains("missing") == true)
    }

    @Test func aSecondChargeIsFound() {
        #expect(audit([entry("a")], [order("a")], [charge("a"), charge("a")]).chargedTwice == 1)
    }

    @Test func aWrongAmountAndAMissingChargeAreMismatches() {
        #expect(audit([entry("a"), entry("b")], [order("a"), order("b")], [charge("a", 99)]).mismatches == 2)
    }

    @Test func aChargeWithoutAnOrderIsAMismatchOnceItIsOld() {
        #expect(audit([], [], [charge("a", at: 10)]).mismatches == 1)
        #expect(audit([], [], [charge("a", at: 60)]).mismatches == 0)
        #expect(audit([], [order("a", "pending")], [charge("a")]).mismatches == 0)
    }
}

@Suite struct OwnOrdersTests {
    @Test func nobodyAsksAfterOldOrders() {
        let (orders, now) = (OwnOrders(), ContinuousClock.now)
        for (id, age) in [("old", 16), ("older", 20), ("new", 1), ("newest", 0)] {
            orders.add(.init(id: id, customer: 1, acknowledged: now - .seconds(age)))
        }
        #expect(orders.take(at: now)?.id == "newest")
        #expect(orders.take(at: now)?.id == "new")
        #expect(orders.take(at: now)?.id == nil)
    }
}

@Suite struct LedgerTests {
    @Test func survivesARestartAndATornLine() throws {
        let directory = try TemporaryDirectory()
        let ledger = try Ledger(directory: directory.path)
        let entry = Ledger.Entry(at: 5, order: "o", key: "k", customer: 1, amountCents: 3, charge: "c")
        try ledger.add(entry)
        let path = directory.file("orders.jsonl")
        try FileSystem.writeAtomically(FileSystem.read(path) + Array(#"{"at":6,"ord"#.utf8), to: path)
        #expect(try Ledger(directory: directory.path).since(0) == [entry])
        #expect(try Ledger(directory: directory.path).since(5.5).isEmpty)
    }
}

@Suite struct LedgerAuditorTests {
    @Test func findsAPlantedSecondChargeInTheRealBooks() async throws {
        try await ShopFixture.with { shop async throws in
            let ledger = try Ledger(directory: shop.directory.path)
            let key = ProviderFixture.plainKey(3)
            let answer = try await shop.buy(key)
            try ledger.add(
                .init(
                    at: Timestamp.now().secondsSinceEpoch,
                    order: answer.document.at("data.order_id")?.stringValue ?? "",
                    key: key,
                    customer: 1,
                    amountCents: answer.document.at("data.amount_cents")?.intValue ?? 0,
                    charge: answer.document.at("data.charge_id")?.stringValue ?? ""
                )
            )
            let auditor = try auditor(shop, ledger)
            #expect(
                try await auditor.audit(since: 0)
                    == LedgerAudit(orders: 1, ordersLost: 0, chargedTwice: 0, mismatches: 0)
            )
            _ = try shop.fallback.book.record(Charge(key: key, amountCents: 1, card: "c"), .charged)
            let audit = try await auditor.audit(since: 0)
            #expect(audit.chargedTwice == 1)
            #expect(audit.details.contains { $0.contains(key) })
            try await shop.database.query("DELETE FROM orders")
            #expect(try await auditor.audit(since: 0).ordersLost == 1)
        }
    }

    private func auditor(_ shop: ShopFixture, _ ledger: Ledger) throws -> LedgerAuditor {
        let database = shop.environment.database
        let text = """
            DB_HOST=\(database.host)
            DB_PORT=\(database.port)
            DB_NAME=\(database.name)
            DB_USER=\(database.user)
            """
        try FileSystem.writeAtomically(text, to: shop.directory.file("shop.env"))
        return LedgerAuditor(
            ledger: ledger,
            directory: shop.directory.path,
            environmentFile: shop.directory.file("shop.env"),
            http: shop.process.http
        )
    }
}
