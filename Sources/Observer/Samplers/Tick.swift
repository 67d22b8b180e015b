internal import OpsModel

/// One beat of a sampler.
struct Tick: Hashable, Sendable {
    var at: Timestamp
    /// How many beats there were before.
    var number: Int
    /// Whether it came more than 250 ms late: whoever cannot keep time cannot judge others.
    var isStarved: Bool

    /// Lateness in seconds from which a beat is starved.
    static let tolerance = 0.25
}
