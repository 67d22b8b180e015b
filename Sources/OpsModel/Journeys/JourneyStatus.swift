/// How one journey does against its objective over one window.
public struct JourneyStatus: Codable, Hashable, Sendable {
    /// The journey's name.
    public var journey: String
    /// The promised share of good requests, 0 to 1.
    public var objective: Double
    /// The length of the window in seconds.
    public var windowS: Double
    /// Good requests in the window.
    public var good: Int
    /// Bad requests in the window.
    public var bad: Int
    /// Good over all; nil without requests.
    public var ratio: Double?
    /// Bad share over the share that the objective allows.
    public var burn: Double?
    /// 99th percentile of latency in milliseconds.
    public var p99Ms: Double?
    /// Whether a sample of the window came late.
    public var isStarved: Bool
    /// Whether the journey's page is out.
    public var isFiring: Bool
    /// The end of the newest bucket in the window.
    public var at: Timestamp

    /// Puts the parts together as given.
    public init(
        journey: String,
        objective: Double,
        windowS: Double,
        good: Int,
        bad: Int,
        ratio: Double? = nil,
        burn: Double? = nil,
        p99Ms: Double? = nil,
        isStarved: Bool = false,
        isFiring: Bool = false,
        at: Timestamp
    ) {
        self.journey = journey
        self.objective = objective
        self.windowS = windowS
        self.good = good
        self.bad = bad
        self.ratio = ratio
        self.burn = burn
        self.p99Ms = p99Ms
        self.isStarved = isStarved
        self.isFiring = isFiring
        self.at = at
    }

    private enum CodingKeys: String, CodingKey {
        case journey
        case objective
        case windowS = "window_s"
        case good
        case bad
        case ratio
        case burn
        case p99Ms = "p99_ms"
        case isStarved = "is_starved"
        case isFiring = "is_firing"
        case at
    }
}

extension JourneyStatus {
    /// Reads the wire form; members that have a default may be missing.
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        journey = try members.decode(String.self, forKey: .journey)
        objective = try members.decode(Double.self, forKey: .objective)
        windowS = try members.decode(Double.self, forKey: .windowS)
        good = try members.decode(Int.self, forKey: .good)
        bad = try members.decode(Int.self, forKey: .bad)
        ratio = try members.decodeIfPresent(Double.self, forKey: .ratio)
        burn = try members.decodeIfPresent(Double.self, forKey: .burn)
        p99Ms = try members.decodeIfPresent(Double.self, forKey: .p99Ms)
        isStarved = try members.decodeIfPresent(Bool.self, forKey: .isStarved) ?? false
        isFiring = try members.decodeIfPresent(Bool.self, forKey: .isFiring) ?? false
        at = try members.decode(Timestamp.self, forKey: .at)
    }
}
