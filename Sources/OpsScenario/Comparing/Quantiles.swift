/// The middle and the slow end of some times, in seconds.
public struct Quantiles: Codable, Hashable, Sendable {
    /// Half were at most this.
    public var p50: Double
    /// 95 of 100 were at most this.
    public var p95: Double

    /// By nearest rank, so that each is a time that was measured; nil when there is none.
    public init?(_ times: [Double]) {
        guard !times.isEmpty else { return nil }
        let times = times.sorted()
        func rank(_ share: Double) -> Double { times[max(0, Int((share * Double(times.count)).rounded(.up)) - 1)] }
        p50 = rank(0.5)
        p95 = rank(0.95)
    }
}
