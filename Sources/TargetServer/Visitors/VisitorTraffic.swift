import Glibc
import OpsService

/// Who comes next, when, and what for, at a system that only its topology describes: one seed gives one sequence.
///
/// Arrivals are a Poisson process; journeys take turns by their shares of the traffic.
struct VisitorTraffic: Sendable {
    /// What `{n}` may be; a system's own data has to know these.
    static let numbers = 1...1_000

    struct Visit: Sendable, Equatable {
        /// Which of the journeys.
        var journey: Int
        var customer: Int
        var number: Int
    }

    private let weights: [Double]
    private var credit: [Double]
    private var arrivals: SeededGenerator
    private var choices: SeededGenerator

    init(weights: [Double], seed: UInt64) {
        self.weights = weights
        self.credit = weights.map { _ in 0 }
        let source = SeededGenerator(seed: seed)
        self.arrivals = source.fork("arrivals")
        self.choices = source.fork("choices")
    }

    /// Seconds until the next visit.
    mutating func gap(rate: Double) -> Double { -log(1 - self.arrivals.nextUnit()) / rate }

    mutating func next() -> Visit {
        for index in self.weights.indices { self.credit[index] += self.weights[index] }
        let chosen = self.credit.indices.max { self.credit[$0] < self.credit[$1] } ?? 0
        self.credit[chosen] -= self.weights.reduce(0, +)
        return Visit(journey: chosen, customer: self.pick(), number: self.pick())
    }

    private mutating func pick() -> Int {
        Self.numbers.lowerBound + Int(self.choices.nextUnit() * Double(Self.numbers.count))
    }
}
