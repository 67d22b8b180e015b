import OpsHTTP
import OpsModel

/// Asks the customers whether the system under test is well enough for a fault that no person is waiting for.
///
/// As Netflix's Chaos Monkey has it: where the check fails, nothing is broken.
struct OutageGate: Sendable {
    /// The customers' last seconds that have to be good.
    static let windowS = 10.0

    /// Nil where there are none.
    let load: ServiceClient?
    let objectives: [String: Double]

    func check() async -> TargetHealth {
        guard let load else { return .unknown("no load is bound that could be asked") }
        var feed = CustomerFeed()
        do { try await feed.update(from: load) } catch { return .unknown("the customers could not be asked: \(error)") }
        return TargetHealth.read(feed.buckets, objectives: self.objectives, windowS: Self.windowS, now: .now())
    }
}
