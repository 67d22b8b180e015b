/// Half a second of one journey as customers lived it.
public struct JourneyBucket: Codable, Hashable, Sendable {
    /// Rises with every bucket, also from one load process to the next.
    public var seq: Int
    /// The journey's name.
    public var journey: String
    /// The beginning of the half second.
    public var from: Timestamp
    /// Requests that met every condition of the journey.
    public var good: Int
    /// Requests that did not.
    public var bad: Int
    /// Bad requests by status code or by the word of their failure.
    public var byCode: [String: Int]
    /// Bad requests by the instance that answered.
    public var byInstance: [String: Int]
    /// Bad requests by route template.
    public var byRoute: [String: Int]
    /// Bad requests of the five customers with the most.
    public var byCustomer: [String: Int]
    /// Median latency in milliseconds.
    public var p50Ms: Double
    /// 99th percentile of latency in milliseconds.
    public var p99Ms: Double

    /// Puts the parts together as given.
    public init(
        seq: Int,
        journey: String,
        from: Timestamp,
        good: Int,
        bad: Int,
        byCode: [String: Int] = [:],
        byInstance: [String: Int] = [:],
        byRoute: [String: Int] = [:],
        byCustomer: [String: Int] = [:],
        p50Ms: Double = 0,
        p99Ms: Double = 0
    ) {
        self.seq = seq
        self.journey = journey
        self.from = from
        self.good = good
        self.bad = bad
        self.byCode = byCode
        self.byInstance = byInstance
        self.byRoute = byRoute
        self.byCustomer = byCustomer
        self.p50Ms = p50Ms
        self.p99Ms = p99Ms
    }

    private enum CodingKeys: String, CodingKey {
        case seq
        case journey
        case from
        case good
        case bad
        case byCode = "by_code"
        case byInstance = "by_instance"
        case byRoute = "by_route"
        case byCustomer = "by_customer"
        case p50Ms = "p50_ms"
        case p99Ms = "p99_ms"
    }
}

extension JourneyBucket {
    /// Reads the wire form; members that have a default may be missing.
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        seq = try members.decode(Int.self, forKey: .seq)
        journey = try members.decode(String.self, forKey: .journey)
        from = try members.decode(Timestamp.self, forKey: .from)
        good = try members.decode(Int.self, forKey: .good)
        bad = try members.decode(Int.self, forKey: .bad)
        byCode = try members.decodeIfPresent([String: Int].self, forKey: .byCode) ?? [:]
        byInstance = try members.decodeIfPresent([String: Int].self, forKey: .byInstance) ?? [:]
        byRoute = try members.decodeIfPresent([String: Int].self, forKey: .byRoute) ?? [:]
        byCustomer = try members.decodeIfPresent([String: Int].self, forKey: .byCustomer) ?? [:]
        p50Ms = try members.decodeIfPresent(Double.self, forKey: .p50Ms) ?? 0
        p99Ms = try members.decodeIfPresent(Double.self, forKey: .p99Ms) ?? 0
    }
}
