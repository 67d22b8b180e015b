internal import OpsModel

/// Half a second of a journey as Observer received it.
struct ObservedBucket: Hashable, Sendable {
    var bucket: JourneyBucket
    /// Whether Observer's own timer was late when it came.
    var isStarved: Bool

    /// The end of the half second.
    var end: Timestamp { bucket.from + ObservedBucket.seconds }

    /// How long a bucket is.
    static let seconds = 0.5
}
