internal import OpsService

/// A mean over scenarios, with the interval in which it would lie had other scenarios of the same kind been chosen.
public struct Estimate: Codable, Hashable, Sendable {
    /// The mean, from 0 to 1.
    public var value: Double
    /// The lower end of the interval.
    public var low: Double
    /// The upper end of the interval.
    public var high: Double

    /// The mean of one figure per scenario, with the 95 % percentile interval of the bootstrap over scenarios (Efron 1979).
    ///
    /// Nil when there is no figure. The same figures always give the same interval.
    public init?(_ figures: [Double]) {
        guard !figures.isEmpty else { return nil }
        var generator = SeededGenerator(seed: 1)
        let means = (0..<Self.samples).map { _ in
            figures.indices.reduce(0) { sum, _ in sum + figures[Int.random(in: figures.indices, using: &generator)] }
                / Double(figures.count)
        }.sorted()
        value = figures.reduce(0, +) / Double(figures.count)
        low = means[Self.samples / 40]
        high = means[Self.samples - 1 - Self.samples / 40]
    }

    private static let samples = 2_000
}
