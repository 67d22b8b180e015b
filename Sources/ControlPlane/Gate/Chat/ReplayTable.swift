import OpsModel
import Synchronization

/// The callbacks of the last minutes, so that none is taken in twice.
///
/// It is in memory. What a restart forgets does no harm: decisions are final, and a person has one yes.
final class ReplayTable: Sendable {
    /// How many are kept; beyond that nothing is taken in, which a flood of signed callbacks alone can bring about.
    private let most: Int
    private let seen = Mutex([String: Timestamp]())

    init(most: Int = 10_000) { self.most = most }

    /// Whether a signature is new; it is not the next time.
    func takes(_ signature: String, at now: Timestamp) -> Bool {
        seen.withLock { seen in
            if seen.count >= most { seen = seen.filter { now - $0.value <= SlackSignature.tolerance * 2 } }
            guard seen.count < most, seen[signature].map({ now - $0 > SlackSignature.tolerance * 2 }) ?? true else {
                return false
            }
            seen[signature] = now
            return true
        }
    }
}
