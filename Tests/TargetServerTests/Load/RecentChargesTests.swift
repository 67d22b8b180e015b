import OpsModel
import Testing

@testable import TargetServer

@Suite struct RecentChargesTests {
    private func entry(_ key: String, _ amount: Int) -> Ledger.Entry {
        .init(at: 10, order: "o-\(key)", key: key, customer: 1, amountCents: amount, charge: "c")
    }

    private func charge(_ key: String, _ amount: Int) -> ChargeRecord {
        .init(seq: 1, id: "c", key: key, amountCents: amount, result: .charged, at: 10)
    }

    @Test func onlyWhatIsInBothAccountsIsCompared() {
        let recent = RecentCharges()
        recent.note(charge("a", 100))
        recent.note(charge("b", 110))
        recent.note(charge("never acknowledged", 7))
        let entries = [entry("a", 100), entry("b", 100), entry("not known yet", 100)]
        #expect(
            recent.compare(entries, over: 10) == LedgerAgreement(windowS: 10, orders: 3, compared: 2, mismatched: 1)
        )
        #expect(
            recent.compare([], over: 10) == LedgerAgreement(windowS: 10, orders: 0, compared: 0, mismatched: 0)
        )
    }

    @Test func theOldestAreForgottenAndTheNewestAreNot() {
        let recent = RecentCharges()
        for number in 0..<25_000 { recent.note(charge("k\(number)", number)) }
        let entries = [entry("k0", 0), entry("k15000", 15_000), entry("k24999", 24_999)]
        #expect(recent.compare(entries, over: 10).compared == 2)
        #expect(recent.compare(entries, over: 10).mismatched == 0)
    }
}
