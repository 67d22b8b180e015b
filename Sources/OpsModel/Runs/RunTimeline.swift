/// A run drawn over time; seconds count from the run's beginning.
public struct RunTimeline: Codable, Hashable, Sendable {
    /// What happened, in order.
    public var moments: [RunMoment]
    /// How each journey fared, second by second.
    public var journeys: [JourneyTrace]

    /// Puts the parts together as given.
    public init(moments: [RunMoment], journeys: [JourneyTrace]) {
        self.moments = moments
        self.journeys = journeys
    }
}

/// One thing that happened in a run.
public struct RunMoment: Codable, Hashable, Sendable {
    /// Seconds from the run's beginning.
    public var atS: Double
    /// A dotted word: one of an incident's events, or `run.` with what the referee did.
    public var type: String
    /// One sentence for a person.
    public var message: String

    /// Puts the parts together as given.
    public init(atS: Double, type: String, message: String) {
        self.atS = atS
        self.type = type
        self.message = message
    }

    private enum CodingKeys: String, CodingKey {
        case atS = "at_s"
        case type
        case message
    }
}

/// How one journey fared, second by second.
public struct JourneyTrace: Codable, Hashable, Sendable {
    /// Its name.
    public var journey: String
    /// The share that is promised, 0 to 1.
    public var objective: Double
    /// Seconds from the run's beginning to the first second.
    public var fromS: Int
    /// The share of good requests in each second; null where there was none.
    public var good: [Double?]

    /// Puts the parts together as given.
    public init(journey: String, objective: Double, fromS: Int, good: [Double?]) {
        self.journey = journey
        self.objective = objective
        self.fromS = fromS
        self.good = good
    }

    private enum CodingKeys: String, CodingKey {
        case journey
        case objective
        case fromS = "from_s"
        case good
    }
}
