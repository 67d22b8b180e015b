internal import OpsModel

/// What one sample says about a journey.
struct BurnEvaluation: Hashable, Sendable {
    var at: Timestamp
    /// The names of the rules whose windows all burn.
    var holding: [String] = []
    /// Whether nothing burns and the objective holds over the recovery window.
    var isHealthy = false
    /// Whether the sample came so late that it decides nothing.
    var isStarved = false
}
