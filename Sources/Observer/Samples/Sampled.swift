internal import OpsModel

/// A value as one sample saw it.
struct Sampled<Value: Sendable>: Sendable {
    var value: Value
    var at: Timestamp
    /// Whether the sampler's own timer was so late that the sample proves nothing.
    var isStarved = false
}

extension Sampled: Equatable where Value: Equatable {}
