import OpsModel
import Synchronization

/// What the providers charged lately, from their own books, to be held against what customers ordered.
final class RecentCharges: Sendable {
    /// In two halves, of which the older one is dropped as a whole: some minutes of a busy shop.
    private struct Halves {
        var new: [String: Int] = [:]
        var old: [String: Int] = [:]
    }

    private static let half = 10_000
    private let cents = Mutex(Halves())

    /// Notes a charge that was made.
    func note(_ record: ChargeRecord) {
        cents.withLock { halves in
            if halves.new.count >= Self.half { (halves.old, halves.new) = (halves.new, [:]) }
            halves.new[record.key] = record.amountCents
        }
    }

    /// How acknowledged purchases and their charges agree; a purchase whose charge is not known yet is not compared.
    func compare(_ acknowledged: [Ledger.Entry], over seconds: Double) -> LedgerAgreement {
        cents.withLock { halves in
            let known = acknowledged.compactMap { entry in
                (halves.new[entry.key] ?? halves.old[entry.key]).map { (ordered: entry.amountCents, charged: $0) }
            }
            return LedgerAgreement(
                windowS: seconds,
                orders: acknowledged.count,
                compared: known.count,
                mismatched: known.count { $0.ordered != $0.charged }
            )
        }
    }
}
