/// Half a second of a journey as Observer received it: the bucket's members and `is_starved` in one object.
public struct ObservedJourneyBucket: Codable, Hashable, Sendable {
    /// What the customers lived.
    public var bucket: JourneyBucket
    /// Whether Observer's own timer was late when it came, so that it proves nothing.
    public var isStarved: Bool

    /// Puts the parts together as given.
    public init(bucket: JourneyBucket, isStarved: Bool) {
        self.bucket = bucket
        self.isStarved = isStarved
    }

    private enum CodingKeys: String, CodingKey {
        case isStarved = "is_starved"
    }

    /// Reads the wire form.
    public init(from decoder: any Decoder) throws {
        bucket = try JourneyBucket(from: decoder)
        isStarved =
            try decoder.container(keyedBy: CodingKeys.self).decodeIfPresent(Bool.self, forKey: .isStarved) ?? false
    }

    /// Writes the wire form.
    public func encode(to encoder: any Encoder) throws {
        try bucket.encode(to: encoder)
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encode(isStarved, forKey: .isStarved)
    }
}
