import OpsModel

/// Decides from what customers live whether a fault has to end before its lease.
struct AbortWatch: Hashable, Sendable {
    /// The seconds over which a journey is counted.
    static let windowS = 5.0
    /// How long the customers may be silent.
    static let patienceS = 10.0

    let conditions: AbortConditions
    private var brokenSince: [String: Timestamp] = [:]
    private var blindSince: Timestamp?

    init(_ conditions: AbortConditions) { self.conditions = conditions }

    /// Why the fault has to end now; nil when it may go on.
    mutating func look(_ health: TargetHealth, openFaults: Int, now: Timestamp) -> String? {
        if let limit = self.conditions.faultsOver, openFaults > limit {
            return "\(openFaults) faults were open, and \(limit) are allowed"
        }
        switch health {
        case .unknown(let why):
            let since = self.blindSince ?? now
            self.blindSince = since
            return now - since >= Self.patienceS ? "\(why), for \(Int(now - since)) s" : nil
        case .good: self.brokenSince = [:]
        case .broken(let journeys):
            self.brokenSince = Dictionary(journeys.map { ($0, self.brokenSince[$0] ?? now) }) { first, _ in first }
        }
        self.blindSince = nil
        guard let limit = self.conditions.brokenS,
            let worst = self.brokenSince.min(by: { ($0.value, $0.key) < ($1.value, $1.key) }),
            now - worst.value >= limit
        else { return nil }
        return "\(worst.key) broke its objective for \(Int(now - worst.value)) s"
    }
}
